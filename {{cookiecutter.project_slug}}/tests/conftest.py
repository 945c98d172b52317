{% include "conftest/" ~ cookiecutter.__database %}
