"""Prove that every project is whole, and say what was proven.

Usage: python -m proof [--list] [--json FILE] [STAGE ...]

Without a name all stages run, in order. PROOF_PYTHONS names the Pythons to run projects on,
between commas (`3.11,3.13`); unset, the ones that uv finds on this machine. PROOF_POSTGRESQL is
the URL of a PostgreSQL server that may be used; unset, one is started. PROOF_NOT_RUN says what a
pipeline can't run, and why (see `proof/honesty.py`).
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from . import honesty
from .runner import ROOT, nothing_ran, run_stage
from .stages import STAGES


def show(stages):
    """The table, what failed, and last what was not run."""
    print(f"\n{'what':18} {'claimed':22} {'seconds':>8} {'failed':>7}  done")
    for stage in stages:
        print(
            f"{stage.name:18} {stage.claimed:22} {stage.seconds:8.0f} {len(stage.failures):7}"
            f"  {stage.done}"
        )
    for stage in stages:
        for failure in stage.failures:
            print(f"\n{stage.name} FAILED: {failure.get('command', failure.get('values'))}")
            print(failure["message"])
    left = {name: reason for stage in stages for name, reason in stage.not_run.items()}
    if left:
        print("\nNOT RUN, and so not proven:")
    for name, reason in left.items():
        print(f"  {name}: {honesty.announced().get(name, reason)}")


def fail_what_was_not_run(stage):
    """In a pipeline, what was not run has failed, unless it was announced."""
    for name, reason in stage.not_run.items():
        if honesty.must_run(name):
            stage.failures.append(nothing_ran(f"{name} ({reason})"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="name the stages, and end")
    parser.add_argument("--json", default=str(ROOT / "build" / "proof.json"))
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"of {', '.join(STAGES)}")
    arguments = parser.parse_args()
    unknown = set(arguments.stages) - set(STAGES)
    if unknown:
        parser.error(f"there is no stage {', '.join(sorted(unknown))}; see --list")
    if arguments.list:
        for name, module in STAGES.items():
            print(f"{name:18} {module.__doc__}")
        return 0
    named = [STAGES[name] for name in STAGES if name in (arguments.stages or STAGES)]
    with tempfile.TemporaryDirectory(prefix="proof-") as name:
        stages = [run_stage(stage, Path(name)) for stage in named]
    for stage in stages:
        fail_what_was_not_run(stage)
    target = Path(arguments.json)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(stage) for stage in stages], indent=2)
    target.write_text(text + "\n", encoding="utf-8")
    show(stages)
    failed = sum(1 for stage in stages if stage.failures)
    print(f"\n{len(stages) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
