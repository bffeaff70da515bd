# make run    environment, models, sample guidance, then the chat page at a printed address
# make test   environment, models, then every check
# Both may be run again at any time: what is already there is kept.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

help:
	@sed -n '1,3s/^# //p' Makefile

$(VENV)/ready-run: requirements/installer.txt requirements/run.txt pyproject.toml
	@echo "Environment (1 of 3): Python and its installer"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/installer.txt
	@echo "Environment (2 of 3): torch"
	$(BIN)/python -m pip install --quiet --no-deps torch==2.13.0
	@echo "Environment (3 of 3): everything else, by hash"
	$(BIN)/uv pip install --python $(BIN)/python --no-deps --require-hashes -r requirements/run.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/ready-test: $(VENV)/ready-run requirements/test.txt
	@echo "Environment: what the checks need"
	$(BIN)/uv pip install --python $(BIN)/python --no-deps --require-hashes -r requirements/test.txt
	touch $@
