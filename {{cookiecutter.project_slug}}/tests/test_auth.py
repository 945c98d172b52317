import pytest
from auth_fixtures import EMAIL
from auth_fixtures import PASSWORD
from flask import Flask
from flask import g
from werkzeug.exceptions import Forbidden

from {{ cookiecutter.project_slug }}.auth.users import User
from {{ cookiecutter.project_slug }}.auth.users import require_admin


def test_accounts_are_managed_by_command(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    assert run(args=["auth", "create", "Ada@Example.com"], input=typed).exit_code == 0
    assert run(args=["auth", "make-admin", EMAIL]).exit_code == 0
    assert run(args=["auth", "list"]).output == f"{EMAIL} (admin)\n"
    assert run(args=["auth", "revoke", EMAIL]).exit_code == 0
    assert run(args=["auth", "revoke", "nobody@example.com"]).exit_code == 1


def test_an_administrator_may_do_more(app: Flask, user: User) -> None:
    with app.app_context():
        g.user = user
        with pytest.raises(Forbidden):
            require_admin()
        user.is_admin = True
        require_admin()
