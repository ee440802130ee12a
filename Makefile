# `make quickstart` shows the SDK at work; `make test` checks everything. Each sets up what it needs in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

ifdef UV
CREATE = $(UV) venv --quiet --allow-existing --python "$(PYTHON)" $(VENV)
INSTALL = $(UV) pip install --quiet --python $(BIN)/python
else
CREATE = "$(PYTHON)" -m venv $(VENV)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

# What one process compiled, the hundreds after it need not.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help quickstart test lint types docs tables unit proofs coverage bench soak live clean

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/.quickstart: pyproject.toml
	@$(CREATE)
	@$(INSTALL) -e ".[cli,simulator]"
	@touch $@

$(VENV)/.dev: pyproject.toml
	@$(CREATE)
	@$(INSTALL) -e ".[dev]"
	@touch $@ $(VENV)/.quickstart

$(VENV)/.bench: $(VENV)/.dev
	@$(INSTALL) -e ".[bench]" && touch $@ || echo "not all of .[bench] could be installed: what lacks is told in the table" >&2

quickstart: $(VENV)/.quickstart ## real calls over HTTP: streamed, vision, tools, typed; with a table of costs
	@$(BIN)/python examples/quickstart.py

test: lint types docs unit ## everything that must hold, but for what takes long (`proofs`)

lint: $(VENV)/.dev ## style and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.dev ## mypy strict
	$(BIN)/mypy

docs: $(VENV)/.dev ## the site builds without a warning
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir $(VENV)/site

tables: $(VENV)/.dev ## write anew what the pages say of every provider
	$(BIN)/core-llms providers $(addprefix --update ,README.md docs/features.md $(wildcard docs/providers/*.md))
	$(BIN)/python -m tests.contract.cost_page docs/prices.md

unit: $(VENV)/.dev ## the tests, with the ledger of skips
	$(BIN)/pytest -n auto --dist worksteal -m "not proof"

proofs: $(VENV)/.dev ## the tests that take long: processes that are killed, every cell of a table
	$(BIN)/pytest -n auto --dist worksteal -m proof

coverage: $(VENV)/.dev ## the tests, and what of the code they reach
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered

bench: $(VENV)/.bench ## this SDK beside aiohttp by hand, the vendors' own SDKs and litellm
	$(BIN)/python -m tests.benchmarks

soak: $(VENV)/.dev ## what holds over many calls: outages, cut and cancelled streams, secrets; figures into the docs
	$(BIN)/python -m tests.soak --write

live: $(VENV)/.dev ## calls to real vendors, for the keys that are set
	$(BIN)/pytest tests/live --no-cov

clean: ## forget the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .coverage
