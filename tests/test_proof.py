"""The proof is honest: what it did not look at is no success."""

import ast
import multiprocessing
import re

import pytest
from conftest import ROOT

import proof
from proof import __main__ as command_line
from proof import honesty, runner
from proof.programs import Fault
from proof.runner import Stage
from proof.stages import STAGES, pythons


def refuse(*_):
    raise AssertionError("nothing is to be checked here")


def test_a_stage_of_no_projects_has_failed():
    [failure] = runner.try_all(Stage("running", "all"), refuse, [], "nothing").failures
    assert failure["message"] == "running: nothing was run"


def test_a_project_is_checked_once_by_the_same_check(monkeypatch, whole):
    """Another licence is another project to read, and the same to run."""
    monkeypatch.setattr(runner, "verdicts", {})
    values = runner.defaults(whole)
    rows = [values, {**values, "license": "none"}]
    stage = runner.try_all(Stage("one", "all"), pass_all, rows, "kind")
    assert stage.done == "2 projects, 1 of them seen before"
    stage = runner.try_all(Stage("two", "all"), refuse, rows, "kind")
    assert (stage.done, stage.failures) == ("2 projects, 2 of them seen before", [])


def test_a_failure_that_comes_and_goes_is_one(monkeypatch, whole, capsys):
    """And is said at once: what shrinks it takes a while."""
    monkeypatch.setattr(runner, "verdicts", {})
    values = runner.defaults(whole)
    stage = runner.try_all(Stage("one", "all"), fail_beside_others, [values], "kind")
    [failure] = stage.failures
    assert failure["message"] == "too slow\nIt passes when it is run again."
    assert "too slow" in capsys.readouterr().out


def fail_beside_others(template, values):
    if multiprocessing.parent_process():
        raise Fault("too slow")


def pass_all(template, values):
    """A check that finds nothing."""


@pytest.mark.parametrize("name", ["2.7", "3.15", "pypy3.11"])
def test_a_python_that_was_asked_for_and_is_not_there_is_a_failure(monkeypatch, tmp_path, name):
    monkeypatch.setenv("PROOF_PYTHONS", f" {name}, ")
    stage = pythons.run(tmp_path)
    assert {"message": f"Python {name}: nothing was run", "command": "python -m proof"} in (
        stage.failures
    )
    assert set(stage.not_run) == {"Python 3.11", "Python 3.12", "Python 3.13", "Python 3.14"}


@pytest.mark.parametrize("error", [SystemExit(0), RuntimeError("broken")])
def test_a_stage_that_ends_early_has_failed(tmp_path, error):
    class Broken:
        __name__ = "proof.stages.broken"

        def run(self, folder):
            raise error

    stage = runner.run_stage(Broken(), tmp_path)
    assert (stage.name, len(stage.failures)) == ("broken", 1)


@pytest.mark.parametrize(
    ("pipeline", "announced", "failures"),
    [
        ("", "", 0),
        ("true", "", 1),
        ("true", "Python 3.14: not installed here", 0),
        ("true", "Python 3.14", 1),
        ("true", "Python 3.13: not installed here; browser: none", 1),
    ],
)
def test_what_was_not_run_fails_in_a_pipeline(monkeypatch, pipeline, announced, failures):
    """Unless it is announced by name, with a reason."""
    monkeypatch.setenv("CI", pipeline)
    monkeypatch.setenv("PROOF_NOT_RUN", announced)
    stage = Stage("pythons", "all", not_run={"Python 3.14": "not installed"})
    command_line.fail_what_was_not_run(stage)
    assert len(stage.failures) == failures


def test_what_was_not_run_is_said_last(monkeypatch, capsys):
    monkeypatch.setenv("PROOF_NOT_RUN", "browser: needs a desktop")
    command_line.show([Stage("long_tests", "all", not_run={"browser": "not found"})])
    assert capsys.readouterr().out.endswith("proven:\n  browser: needs a desktop\n")


def test_a_reason_is_needed(monkeypatch):
    monkeypatch.setenv("PROOF_NOT_RUN", "Python 3.14; browser: ; load: too slow")
    assert honesty.announced() == {"load": "too slow"}


def test_the_table_names_every_stage():
    """A new maintainer reads it first: `proof/__init__.py`."""
    rows = re.findall(r"^(\w+)  +(\S.+)$", proof.__doc__.partition("\n\n")[2], re.MULTILINE)
    assert [name for name, _ in rows[1:]] == list(STAGES)
    for name, module in STAGES.items():
        assert module.__doc__.strip().endswith("."), name


def test_stages_are_listed_and_named(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["proof", "--list"])
    assert command_line.main() == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(STAGES)
    monkeypatch.setattr("sys.argv", ["proof", "stage_of_nothing"])
    with pytest.raises(SystemExit):
        command_line.main()


def test_no_test_imports_another():
    """What tests share is in `conftest.py` or in `proof/`."""
    for path in (ROOT / "tests").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith("test_")], path.name


def test_no_test_is_skipped_in_silence():
    """`skip` names what is missing before a colon; `honesty` judges it in a pipeline."""
    for path in (ROOT / "tests").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"pytest\.mark\.(skip|xfail)|importorskip", text) or (
            path.name == "test_mutation.py" or path.name == "test_proof.py"
        ), path.name
        for reason in re.findall(r'pytest\.skip\("(.*?)"', text):
            assert ": " in reason, path.name
