"""The proof is honest: what it did not look at is no success."""

import pytest

from proof import __main__ as proof


def refuse(*_):
    raise AssertionError("nothing is to be checked here")


def test_a_stage_of_no_projects_has_failed():
    [failure] = proof.try_all(proof.Stage("pairs", "all"), refuse, []).failures
    assert failure["message"] == "pairs: nothing was run"


@pytest.mark.parametrize("name", ["2.7", "3.15", "pypy3.11"])
def test_a_python_that_was_asked_for_and_is_not_there_is_a_failure(monkeypatch, name):
    monkeypatch.setenv("PROOF_PYTHONS", f" {name}, ")
    stage = proof.pythons()
    assert {"message": f"Python {name}: nothing was run", "command": "python -m proof"} in (
        stage.failures
    )
    assert "NOT RUN: 3.11 3.12 3.13 3.14" in stage.done


@pytest.mark.parametrize("error", [SystemExit(0), RuntimeError("broken")])
def test_a_stage_that_ends_early_has_failed(error):
    def stage():
        raise error

    assert len(proof.whatever_happens(stage).failures) == 1
