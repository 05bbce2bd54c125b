# Each target does its own set-up on a fresh machine with Python 3.11+ and make.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check soak bench docs clean
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := .venv/bin

help: ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(filter .tools/bin/uv,$(UV)):
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet uv

.venv/.stamp: pyproject.toml uv.lock | $(filter .tools/bin/uv,$(UV))
	@$(UV) sync --frozen --quiet --compile-bytecode
	@touch $@

# Byte code beforehand: the command starts twice as fast where Python may not write it while running.
.venv/.compiled: .venv/.stamp $(wildcard src/staza/*.py src/staza/*/*.py)
	@$(RUN)/python -m compileall -q src
	@touch $@

setup: .venv/.compiled ## Build .venv from the lock

demo: setup ## Judge the judgments of law/examples and write build/demo.html
	@$(RUN)/staza demo

test: setup ## All tests
	$(RUN)/python -m pytest -n auto

check: setup build ## Lint, types, contracts, law (ten seconds warm)
	$(RUN)/ruff check --quiet .
	$(RUN)/ruff format --check --quiet .
	$(RUN)/mypy
	$(RUN)/lint-imports --verbose >build/imports.txt 2>&1 || (cat build/imports.txt; exit 1)
	$(RUN)/staza law check

soak: setup ## The long tests, seed printed
	STAZA_SOAK=1 $(RUN)/python -m pytest -n auto --hypothesis-show-statistics -m "soak" tests

bench: setup ## Speed, as medians and ratios
	$(RUN)/python benchmarks/run.py

docs: setup ## Reference pages from the law into build/docs
	$(RUN)/staza law show --all --out build/docs

build:
	@mkdir -p build

clean: ## Remove what was built
	rm -rf build .venv .tools
