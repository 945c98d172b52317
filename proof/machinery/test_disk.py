import pytest
from tea_time import create_app


def test_the_disk_that_is_asked_is_the_one_of_the_file(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    app = create_app({"APP_ENV": "testing", "DATABASE_URL": f"sqlite:///{folder}/app.db"})
    check = app.extensions["readiness"]["disk"]
    check()
    folder.rmdir()
    with pytest.raises(FileNotFoundError):
        check()
