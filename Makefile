# Every target stands alone: it makes .venv when there is none and installs the pinned versions.
PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime
TEST := .venv/.test
WORKERS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak serve worker migrate docs

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME)  ## a month of a district's hazards on an embedded database, then the API
	$(BIN)/hazardloop demo $(ARGS)

test: $(TEST)  ## all tests but the soaks, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: $(TEST)  ## lint, types, layers, then all tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

bench: $(TEST)  ## speed beside the raw drivers; keeps docs/performance.md
	$(BIN)/hazardloop bench $(ARGS)

soak: $(TEST)  ## what takes longer: kills under load, long random walks
	$(BIN)/python -m pytest -m soak -rA -n $(WORKERS) -o faulthandler_timeout=3600 $(ARGS)

serve: $(RUNTIME)  ## the API with its worker, on one machine
	$(BIN)/hazardloop serve --with-worker $(ARGS)

worker: $(RUNTIME)  ## one more worker beside a PostgreSQL
	$(BIN)/hazardloop worker $(ARGS)

migrate: $(RUNTIME)  ## bring the database to the newest tables
	$(BIN)/hazardloop migrate $(ARGS)

docs: $(RUNTIME)  ## draw docs/workflows/ anew from the tables
	$(BIN)/python -m workflow.diagrams $(ARGS)

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(RUNTIME): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	@touch $@

$(TEST): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[test]'
	@touch $@ $(RUNTIME)
