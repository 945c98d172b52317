{% include "conftest/" ~ cookiecutter.__database %}
{% if cookiecutter.__auth != 'none' %}


pytest_plugins = ["auth_fixtures"]
{% endif %}
