# `make solve` and `make test` set themselves up from nothing, in the virtual environment .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTANCE ?= instances/cvrp-n200-R-C-1-100-s5.vrp
TIME ?= 10
WORKERS ?= 2
OUT := out
PIP_INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help solve test slow lint format clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

solve: $(VENV)/.core ## solve a shipped instance and draw it; INSTANCE=… TIME=… for another
	@mkdir -p $(OUT)
	$(BIN)/python solve.py $(INSTANCE) --time $(TIME) \
		--out '$(OUT)/{name}.sol' --plot '$(OUT)/{name}.png'

test: $(VENV)/.test ## the fast tests, in passes side by side: see docs/testing.md
	$(BIN)/python -m tests.passes --workers $(WORKERS)

slow: $(VENV)/.test ## benchmarks, long property tests, and every test with all its cases
	POLYROUTE_THOROUGH=1 $(BIN)/python -m tests.passes --workers $(WORKERS)
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/.test ## ruff and mypy, as pre-commit and CI run them
	PATH="$(CURDIR)/$(BIN):$$PATH" pre-commit run --all-files

format: $(VENV)/.test ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what the other commands made
	rm -rf $(VENV) $(OUT) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.core: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Polyroute needs Python 3.11 or later; say which with PYTHON=…")'
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.core
	$(PIP_INSTALL) --editable '.[test]'
	@touch $@
