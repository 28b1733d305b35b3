# Two commands do everything on a fresh machine with Python 3.11+: `make audit` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INPUT ?= seeds/
OUTPUT ?= reports

.PHONY: audit test lint docs catalogues bench clean
.DEFAULT_GOAL := audit

audit: $(VENV)/.run
	@$(BIN)/auditor models pull smollm2 || echo "going on without the language model (see above)"
	$(BIN)/audit $(INPUT) --report html -o $(OUTPUT)
	@echo "open $(abspath $(OUTPUT))/index.html in a browser"

test: $(VENV)/.test tests/browser/node_modules
	$(BIN)/python -m pytest

# axe-core, which checks the report's pages; without npm that one test is skipped.
tests/browser/node_modules: tests/browser/package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --prefix tests/browser; fi

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.run
	$(BIN)/python -m auditor.docs docs

catalogues: $(VENV)/.test
	$(BIN)/python tools/build_catalogues.py

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks.detection

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.venv pyproject.toml constraints.txt hatch_build.py $(wildcard auditor/native/*.pyx)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lm]'
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lm,test]'
	@touch $@

$(VENV)/.dev: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[lm,test,dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist auditor/native/*.so auditor/native/built.json .pytest_cache .mypy_cache .ruff_cache .hypothesis
