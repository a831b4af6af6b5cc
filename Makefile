# `make demo` and `make test` work from a fresh clone: they set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ASSETS := rnn_widgets/widgets/static/.built
FRONT_END := $(wildcard js/*.json js/*.mjs js/*.py) $(shell find js/src -type f 2>/dev/null)

.PHONY: help demo lab test lint format check-front-end check-python clean

help:
	@echo "make demo   the dashboard at http://127.0.0.1:8866"
	@echo "make lab    JupyterLab on the notebooks"
	@echo "make test   lint, types and all tests"
	@echo "make lint   lint, format and types only"
	@echo "make format puts both languages into format"

demo: $(VENV)/app $(ASSETS)
	$(BIN)/rnn-widgets demo

lab: $(VENV)/app $(ASSETS)
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

test: lint check-front-end check-python

lint: $(VENV)/dev $(ASSETS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	cd js && npm run --silent lint

check-front-end: $(VENV)/dev $(ASSETS)
	cd js && npm run --silent test

check-python: $(VENV)/dev $(ASSETS)
	$(BIN)/python tests/hosts/browser.py
	# Two workers on two cores: threads of BLAS beside them would only wait for each other, spinning.
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

format: $(VENV)/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd js && npm run --silent format

$(VENV)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"rnn_widgets needs Python 3.11 or newer, but $(PYTHON) is {sys.version.split()[0]}: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet "pip>=25.1"
	touch $@

$(VENV)/app: $(VENV)/pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[app]" --group pinned
	touch $@

$(VENV)/dev: $(VENV)/app
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

$(ASSETS): $(VENV)/app $(FRONT_END)
	$(BIN)/python js/assets.py
	touch $@

clean:
	rm -rf $(VENV) js/node_modules rnn_widgets/widgets/static rnn_widgets/models/corpora/*.txt dist
