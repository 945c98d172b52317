import os
import stat
from pathlib import Path

import pytest
from flask import Flask

from {{ cookiecutter.project_slug }} import secret_key


def key_of_app_in(instance: Path) -> str:
    app = Flask(__name__, instance_path=str(instance))
    app.config["APP_ENV"] = "development"
    secret_key.init_app(app)
    key: str = app.config["SECRET_KEY"]
    return key


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key = key_of_app_in(tmp_path / "instance")
    assert len(key) >= secret_key.SHORTEST
    assert key_of_app_in(tmp_path / "instance") == key


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    key_of_app_in(tmp_path / "instance")
    mode = (tmp_path / "instance" / "secret_key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_the_key_stays_in_memory_where_it_cannot_be_kept(tmp_path: Path) -> None:
    not_a_folder = tmp_path / "instance"
    not_a_folder.touch()
    assert key_of_app_in(not_a_folder) != key_of_app_in(not_a_folder)
