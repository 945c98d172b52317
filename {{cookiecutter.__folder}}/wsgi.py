"""The application, where `flask` commands and WSGI servers look for it."""

from {{ cookiecutter.project_slug }} import create_app

app = create_app()
