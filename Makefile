# Every target uses the same environment in .venv, made by `make setup` from constraints.txt.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.trueup-setup
REPO ?= .
WORKERS ?= 2
K ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test t lint check docs bench bench-validity sizes test-e2e constraints clean

help:  ## List the targets
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("trueup needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable '.[dev]'
	@touch $@

setup: $(STAMP)  ## Make the environment; leaves .venv/bin/trueup

demo: setup  ## Scan a real repository (REPO=.) and a generated sample organisation
	@echo '--- 1 of 2: this is what a scan of $(REPO) says'
	@$(BIN)/trueup scan '$(REPO)' --workspace .trueup
	@echo
	@echo '--- 2 of 2: a generated organisation, so that every page has something to show'
	@$(BIN)/trueup demo --folder .trueup/demo
	@echo
	@echo 'Reports: .trueup/report.html and .trueup/demo/report.html'

test: setup  ## Run all but the slow tests
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m 'not slow and not e2e'

t: setup  ## Run the tests of one part: make t K=review_coverage
	@$(BIN)/python -m pytest -q -k '$(K)' -m 'not e2e'

lint: setup  ## Format, lint, import contracts, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy

check: lint  ## Lint, docs fresh, every test but the end-to-end ones; CI runs exactly this
	@$(BIN)/python -m docs.generate --check
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m 'not e2e'

docs: setup  ## Regenerate the reference pages
	@$(BIN)/python -m docs.generate

bench: setup  ## Measure speed and memory; prints ratios of one run
	@$(BIN)/python -m benchmarks.speed $(BENCH)
	@$(BIN)/python -m benchmarks.records

bench-validity: setup  ## How right verdicts are in simulated organisations whose truth is known
	@$(BIN)/python -m benchmarks.validity $(BENCH)

sizes: setup  ## Print sizes of files and functions
	@$(BIN)/python -m benchmarks.sizes

test-e2e: setup  ## Browser and other slow end-to-end tests; installs what it needs
	@sh tests/e2e/setup.sh '$(BIN)'
	@$(BIN)/python -m pytest -q -m e2e

constraints:  ## Export constraints.txt anew from pyproject.toml (maintainers)
	@$(BIN)/uv lock --quiet --upgrade
	@$(BIN)/uv export --quiet --format requirements-txt --all-extras --no-emit-project --no-header --no-annotate > constraints.txt
	@rm -f uv.lock

clean:  ## Remove the environment and caches
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
