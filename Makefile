# make demo and make test do all of their own set-up, in .venv, and nothing outside this folder.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
INSTALL_SELF := $(PIP) install --no-deps --no-build-isolation --editable .
# Hashes, and no word about where a package comes from: that is each machine's own setting.
PIP_COMPILE := pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench pins clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 8

demo: .venv/.runtime ## The whole job offline: polled, merged, published, served (ARGS=--no-serve ends instead)
	@$(BIN)/copydesk demo $(ARGS)

run: .venv/.runtime ## Poll the real sources of config/copydesk.toml once and publish
	@$(BIN)/copydesk poll --config config/copydesk.toml $(ARGS)

test: .venv/.test ## Run the tests (ARGS="-k atom" and the like)
	@$(BIN)/python -m pytest --numprocesses auto $(ARGS)

check: .venv/.test ## Format, lint, types, and who may import whom
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/.test ## CPU seconds per 1,000 feeds, beside an afternoon's script (ARGS="--feeds 200")
	@$(BIN)/python benchmarks/bench.py $(ARGS)

pins: ## Pin every package anew (ARGS=--upgrade takes the newest versions)
	@set -e; scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	$(PYTHON) -m venv "$$scratch"; "$$scratch/bin/pip" --quiet install pip-tools; \
	"$$scratch/bin/"$(PIP_COMPILE) $(ARGS) --all-build-deps -o requirements.txt pyproject.toml; \
	"$$scratch/bin/"$(PIP_COMPILE) $(ARGS) --all-build-deps --extra test -c requirements.txt -o requirements-test.txt pyproject.toml

clean: ## Remove the environment, caches and the demo's folder
	rm -rf .venv build demo-site *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Copydesk needs Python 3.11 or newer; say which: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv || { echo "No environment could be made. On Debian: apt install python3-venv" >&2; rm -rf .venv; exit 1; }

.venv/.runtime: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Copydesk stands on into .venv (once; a minute or less) ..."
	@$(PIP) install --require-hashes --requirement requirements.txt
	@$(INSTALL_SELF)
	@$(BIN)/python -m compileall -q feeds
	@touch $@

.venv/.test: requirements-test.txt .venv/.runtime
	@echo "Installing the tools of the tests into .venv (once) ..."
	@$(PIP) install --require-hashes --requirement requirements-test.txt
	@touch $@
