"""Tests of the template's own machinery, run in a generated project beside its own.

A project's own tests show what its application does, and are its user's. These prove the
rest: that no body, setting, database or signal breaks what the template wrote. The files
import `tea_time`; copying puts the project's own name there.
"""

from pathlib import Path

HERE = Path(__file__).parent
ALWAYS = [[]]
PAGES_OF_ERRORS = [["errors=html"], ["errors=negotiated"]]
HEADERS = [["pages"], ["api"], *PAGES_OF_ERRORS]

# Under which options each file applies: alternatives, each a list of terms that all hold.
FILES = {
    "__init__.py": ALWAYS,
    "helpers.py": ALWAYS,
    "test_api.py": [["api"]],
    "test_auth.py": [["auth"]],
    "test_auth_api.py": [["auth", "api"]],
    "test_auth_notes.py": [["auth", "example"]],
    "test_auth_pages.py": [["auth", "pages"]],
    "test_auth_sequences.py": [["auth", "api", "example"]],
    "test_auth_token_page.py": [["auth", "api", "pages"]],
    "test_commands.py": ALWAYS,
    "test_conditional.py": [["api", "example"]],
    "test_config.py": ALWAYS,
    "test_config_classes.py": [["config"]],
    "test_cors.py": [["api"]],
    "test_database.py": [["database"]],
    "test_docs_page.py": [["api"]],
    "test_disk.py": [["database=sqlite", "health"]],
    "test_document.py": [["api"]],
    "test_error_pages.py": PAGES_OF_ERRORS,
    "test_errors.py": [["api"], ["errors"]],
    "test_factory.py": ALWAYS,
    "test_health.py": [["health"]],
    "test_inputs.py": [["api"]],
    "test_logs.py": [["logs=json"]],
    "test_mail.py": [["auth", "pages"]],
    "test_migrations.py": [["database"]],
    "test_navigation.py": [["pages", "errors=html"], ["pages", "errors=negotiated"]],
    "test_navigation_api.py": [["pages", "api"]],
    "test_notes_api.py": [["example", "api"]],
    "test_notes_concurrency.py": [["example"]],
    "test_notes_pages.py": [["example", "pages"]],
    "test_notes_public.py": [["auth=none", "example", "pages"]],
    "test_notes_store.py": [["example"]],
    "test_pages.py": [["pages"]],
    "test_pagination.py": [["api", "example"]],
    "test_plain_errors.py": [["errors=none"]],
    "test_postgresql.py": [["database=postgresql"]],
    "test_readiness.py": [["database", "health"]],
    "test_security_headers.py": HEADERS,
    "test_server.py": ALWAYS,
    "test_sqlite.py": [["database=sqlite"]],
    "test_static_files.py": [["pages"]],
    "test_statements.py": [["telemetry", "database"]],
    "test_telemetry.py": [["telemetry"]],
    "test_unavailable.py": [["database"]],
    "visitor.py": [["pages"]],
}

# What these tests need beside the project's own tools.
REQUIREMENTS = {
    "aiosmtpd>=1.4,<2": [["auth", "pages"]],
    "openapi-spec-validator>=0.7,<1": [["api"]],
    "trustme>=1.2,<2": [["auth", "pages"]],
}


def applies(alternatives, values):
    """Whether all terms of one alternative hold, in the grammar of the table `_files`."""
    return any(all(_holds(term, values) for term in terms) for terms in alternatives)


def _holds(term, values):
    option, equals, wanted = term.partition("=")
    value = values[option]
    if not equals:
        return value not in ("", "none")
    return value == ("" if wanted == "no" else wanted)


def requirements(values):
    """What must be installed in a project of these values before the tests are run."""
    return [name for name, row in REQUIREMENTS.items() if applies(row, values)]


def add_tests(project, values):
    """Copy the tests that apply to a project of these effective values into it."""
    folder = project / "tests" / "machinery"
    folder.mkdir()
    for name, row in FILES.items():
        if applies(row, values):
            text = (HERE / name).read_text(encoding="utf-8") if name != "__init__.py" else ""
            text = text.replace("tea_time", project.name)
            (folder / name).write_text(text, encoding="utf-8")
