# Needs Python 3.11, 3.12 or 3.13, make and git; everything else is installed into .venv from locked, hashed wheels.
#
#   make run      simulate the default line and say where the report is
#   make test     all checks and tests          make lint    only the checkers
#   make docs     build the documentation       make bench   speed against other tools
#   make proof    what the control is worth: about three hours of one core, less with more; ends and goes on at any time
#   make install  development environment       make clean   remove everything that make made

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: install run test bench proof docs lint clean lock wheel debian help

VENV := .venv
BIN := $(VENV)/bin
BUILD := build
RUN_ARGS ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=
PROOF_ARGS ?=

# The first interpreter that is new enough; override with `make PYTHON=/path/to/python3.12 ...`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	if $$p -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1; then \
	echo $$p; break; fi; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED := install --quiet --only-binary :all: --require-hashes --requirement
SOURCES := $(shell find src/dryline -type f ! -name '*.pyc' 2>/dev/null)

help:
	@sed -n '3,7s/^# *//p' Makefile

# --- environment: three stamps, so that nothing is installed twice ---------------------------------------------

$(VENV)/.made:
	@if [ -z "$(PYTHON)" ]; then echo "No Python 3.11, 3.12 or 3.13 found. Install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; fi
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml $(VENV)/.made
	@echo "Installing the run-time packages (requirements/run.txt) into $(VENV)"
	@$(PIP) $(LOCKED) requirements/run.txt || { echo "The locked wheels do not fit this machine (\
	$$($(PYTHON) -VV | head -1), $$(uname -sm)). Without the lock: $(BIN)/python -m pip install ." >&2; exit 1; }
	@$(PIP) $(LOCKED) requirements/build.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing the development packages (requirements/dev.txt) into $(VENV)"
	@$(PIP) $(LOCKED) requirements/dev.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@$(PIP) $(LOCKED) requirements/bench.txt
	@touch $@

install: $(VENV)/.dev
	@echo "Ready: $(BIN)/dryline --help"

# --- use ------------------------------------------------------------------------------------------------------

run: $(VENV)/.run
	@$(BIN)/dryline run $(RUN_ARGS)
	@$(BIN)/python -c 'import pathlib; found = sorted(pathlib.Path("runs").rglob("report.html"), key=lambda p: p.stat().st_mtime); \
	print("Report:", found[-1].resolve()) if found else None'

docs: $(VENV)/.dev
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "Documentation: $$PWD/docs/_build/html/index.html"

bench: $(VENV)/.bench
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

# The whole grid on the default line, the main comparisons on three others; then the tables of docs/explanation/proof.md.
PROOF := $(BUILD)/proof
OTHERS := nmc811-cathode graphite-anode sulfide-cathode
proof: $(VENV)/.run
	@$(BIN)/dryline ablation lfp-cathode --full --out $(PROOF) $(PROOF_ARGS) >/dev/null
	@$(BIN)/dryline ablation $(OTHERS) --arms pi_monitor,full_stack,full_stack/no-run-out --out $(PROOF) $(PROOF_ARGS)
	@rm -f docs/data/*
	@cp $(PROOF)/study.csv $(PROOF)/claims-*.csv $(PROOF)/areal-*.csv $(PROOF)/gaps-*.csv $(PROOF)/corners-*.csv $(PROOF)/*.svg docs/data/

# --- checks ---------------------------------------------------------------------------------------------------

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

# Debian packages that some tests use. Where they may not be installed those tests are skipped and name the package;
# with CI=true a missing package fails them.
DEBIAN := chromium gcc
debian:
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		missing=$$(for p in $(DEBIAN); do command -v $$p >/dev/null || echo $$p; done); \
		if [ -n "$$missing" ]; then echo "Installing Debian packages: "$$missing; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; } \
		|| echo "Could not install "$$missing"; the tests that need them will say so." >&2; fi; fi

# The wheel as a stranger gets it: built, installed into an empty environment, started from another folder.
wheel: $(VENV)/.dev $(BUILD)/.tried

$(BUILD)/.tried: $(SOURCES) pyproject.toml README.md LICENSE requirements/run.txt
	@echo "Building the wheel and trying it in a clean environment"
	@rm -rf $(BUILD)/wheel $(BUILD)/clean $(BUILD)/try
	@mkdir -p $(BUILD)/try
	@$(BIN)/python -m build --wheel --no-isolation --outdir $(BUILD)/wheel . >/dev/null
	@$(BIN)/python -m venv $(BUILD)/clean
	@clean=$$PWD/$(BUILD)/clean/bin; \
	$$clean/python -m pip --disable-pip-version-check $(LOCKED) requirements/run.txt; \
	$$clean/python -m pip --disable-pip-version-check install --quiet --no-deps $(BUILD)/wheel/dryline-*.whl; \
	$$clean/python -m pip --disable-pip-version-check check; \
	cd $(BUILD)/try; \
	$$clean/dryline --help >/dev/null; \
	$$clean/dryline run --length 20m --out run >/dev/null; \
	test -s run/report.html
	@touch $@

test: $(VENV)/.dev debian lint wheel
	$(BIN)/python -m pytest $(PYTEST_ARGS)
	@rm -rf $(BUILD)/quick
	@$(BIN)/dryline ablation --quick --out $(BUILD)/quick

# --- upkeep ---------------------------------------------------------------------------------------------------

# One lock for Python 3.11 to 3.13 on Linux, macOS and Windows, with the hashes of the public package index only.
UV := $(VENV)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --default-index https://pypi.org/simple --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"
lock: $(VENV)/.made
	$(PIP) install --quiet uv
	cd requirements && ../$(UV) dev.in -o dev.txt
	cd requirements && for name in run build bench; do ../$(UV) -c dev.txt $$name.in -o $$name.txt; done

clean:
	rm -rf $(VENV) $(BUILD) dist docs/_build docs/reference .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
