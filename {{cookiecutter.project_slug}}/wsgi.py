"""The application, where `flask` commands and WSGI servers look for it."""

import sys

from {{ cookiecutter.project_slug }} import create_app
from {{ cookiecutter.project_slug }}.config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.exit(f"Error: {error}")
