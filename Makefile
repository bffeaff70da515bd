# make run    environment, models, sample guidance, then the chat page at a printed address
# make test   environment, models, then every check
# Both may be run again at any time: what is already there is kept. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BEGAN := $(shell date +%s)
# Test processes: files are dealt out whole, since those of one file share what is costly to make.
WORKERS ?= 2

.PHONY: help run test check models quality sample lock assets clean

help:
	@echo "make run     environment, models, sample guidance, then the chat page at a printed address"
	@echo "make test    environment, models, then every check"
	@echo "make check   the linters and types alone"
	@echo "make quality docs/quality.md again: every figure that is said of the assistant (needs ../shared/data)"
	@echo "make sample  write the sample guidance's HTML, DOCX and PDF again from their sources"
	@echo "make assets  build the pages' style sheet and scripts again (needs Node)"
	@echo "make pictures  take the pictures of README and docs from the product served at ADDRESS (needs Chromium)"
	@echo "make lock    resolve the locked requirements again"
	@echo "make clean   remove the environment"

$(VENV)/ready-run: requirements/installer.txt requirements/run.txt pyproject.toml
	@echo "Environment, 1 of 3: Python and its installers"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/installer.txt
	@echo "Environment, 2 of 3: torch"
	$(BIN)/python -m pip install --no-deps torch==2.13.0
	@echo "Environment, 3 of 3: everything else, by hash"
	$(BIN)/uv pip install --python $(BIN)/python --no-deps --require-hashes -r requirements/run.txt
	$(BIN)/uv pip install --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/ready-test: $(VENV)/ready-run requirements/test.txt
	@echo "Environment: what the checks need"
	$(BIN)/uv pip install --python $(BIN)/python --no-deps --require-hashes -r requirements/test.txt
	touch $@

models: $(VENV)/ready-run
	$(BIN)/frontline models fetch

run: models
	$(BIN)/frontline ingest --sample
	$(BIN)/frontline serve --began $(BEGAN)

check: $(VENV)/ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/ready-test models check
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term --durations=25

sample: $(VENV)/ready-test
	$(BIN)/python -m sample_guidance.publish

quality: $(VENV)/ready-test models
	$(BIN)/frontline eval quality --data ../shared/data

assets:
	cd assistant/web/assets && npm ci && npm run build

ADDRESS ?= http://127.0.0.1:8600
pictures: $(VENV)/ready-test
	$(BIN)/python -m tests.browser.pictures $(ADDRESS) docs/pictures

# The installers' lock, what checks (with every extra), and of it what runs; torch itself is installed before them.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: $(VENV)/ready-run
	$(LOCK) requirements/installer.in -o requirements/installer.txt
	$(LOCK) pyproject.toml requirements/torch-needs.in --extra dev -o requirements/test.txt
	$(LOCK) pyproject.toml requirements/torch-needs.in --extra postgres -c requirements/test.txt -o requirements/run.txt

clean:
	rm -rf $(VENV)
