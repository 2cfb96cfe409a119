# Everything runs from a virtual environment in .venv, made on first use and again when pyproject.toml
# changes.  Needs python3 (3.11 or later, with venv), gcc and git; nothing else has to be installed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

PYTEST_FLAGS ?= -n auto

.DEFAULT_GOAL := help
.PHONY: help demo test check lint format bench coverage clean

help:
	@echo "make demo      thread the state through a small program, and prove the result"
	@echo "make test      run the tests"
	@echo "make check     formatting, lint, types, architecture, tests: what CI runs"
	@echo "make format    format the sources"
	@echo "make bench     measure clew and its peers: CORPUS='cpython=DIR git=DIR' BENCH_FLAGS=--json"
	@echo "make coverage  run the tests with branch coverage"
	@echo "make clean     remove the environment and caches"

# pip does not undo a half-made environment: the stamp is touched only when all of it worked.
$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "clew needs Python 3.11 or later: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: $(STAMP)
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/demo.sh

test: $(STAMP)
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

coverage: $(STAMP)
	$(BIN)/python -m pytest $(PYTEST_FLAGS) --cov --cov-report=term

lint: $(STAMP)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The programs to measure, as NAME=PATH: cpython, git, vim or linux.
CORPUS ?=
BENCH_WORK ?= /tmp/clew-bench
BENCH_FLAGS ?=

bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python bench/run.py $(addprefix --corpus ,$(CORPUS)) --work $(BENCH_WORK) $(BENCH_FLAGS)

format: $(STAMP)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

check: lint test

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
