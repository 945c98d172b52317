"""Where everybody reads the notes (`auth=none`), neither they nor the navigation begin a session."""


def test_reading_sets_no_cookie(client):
    for path in ("/notes", "/notes?q=tea"):
        headers = client.get(path).headers
        assert "Set-Cookie" not in headers
        assert "Vary" not in headers
