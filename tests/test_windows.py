"""What must hold on Windows too: a project installs, its tests pass, and it is served."""

import pytest

from proof.programs import serving, uv

pytestmark = [pytest.mark.proof, pytest.mark.nightly]  # Elsewhere, others run the same.


def test_a_project_is_developed(project):
    folder = project()
    uv(folder, "sync", "--quiet")
    uv(folder, "run", "--no-sync", "pytest", "--quiet")
    uv(folder, "run", "--no-sync", "flask", "db", "upgrade")
    with serving(folder, "flask", "run", "--port", "{port}") as ask:
        assert ask("/")[0] == 200
