# Each target does its own set-up in .venv, with Python, git and make alone.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin

.PHONY: demo test proof bench

demo: .venv/ready
	@$(BIN)/python demo.py $(ARGS)

test: .venv/ready
	$(BIN)/python -m pytest -n 2 -m "not proof" $(ARGS)

proof: .venv/ready
	$(BIN)/python -m proof $(ARGS)

bench: .venv/ready
	$(BIN)/python bench.py

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --group dev
	$(BIN)/python -c "open('.venv/ready', 'w').close()"
