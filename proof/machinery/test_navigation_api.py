import re


def test_the_first_page_leads_to_the_api(client):
    assert re.search(r'<a href="/api/v1/docs"\s*>API</a>', client.get("/").text)


def test_the_documentation_wears_the_layout(client):
    text = client.get("/api/v1/docs").text
    assert 'class="site-nav"' in text
    assert '<a href="/api/v1/docs"\n             aria-current="page">API</a>' in text
