# Each target does its own set-up in .venv, with Python, git and make alone.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin

# Where bytecode is not kept, each of a thousand short processes compiles Flask again.
unexport PYTHONDONTWRITEBYTECODE

# `web` and `build/web` are folders too, and are made anew.
.PHONY: demo web build/web check test proof nightly weekly bench

demo: .venv/ready
	@$(BIN)/python demo.py $(ARGS)

# The page that shows a project before it exists: made, served, and its address.
web: .venv/ready
	@$(BIN)/python web/build.py --serve

build/web: .venv/ready
	$(BIN)/python web/build.py

# Most faults, in less than a minute.
check: .venv/ready
	$(BIN)/python -m ruff check --quiet
	$(BIN)/python -m ruff format --check --quiet
	$(BIN)/python -m pytest --quiet -n 2 -m "not proof" tests/test_files.py tests/test_readme.py tests/test_budget.py $(ARGS)
	$(BIN)/python -m proof projection ends

test: .venv/ready
	$(BIN)/python -m pytest -n 2 -m "not proof" $(ARGS)

proof: .venv/ready
	$(BIN)/python -m proof $(ARGS)

# What is too slow for the proof, and what is measured.
nightly: .venv/ready bench
	$(BIN)/python -m pytest -n 2 -m nightly $(ARGS)

# Whether tests notice a change of what they test: it lists the changes that they do not.
weekly: .venv/ready
	$(BIN)/python -m proof.survivors $(ARGS)

bench: .venv/ready
	$(BIN)/python bench.py

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --group dev
	$(BIN)/python -c "open('.venv/ready', 'w').close()"
