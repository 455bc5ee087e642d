# Everything that is done with this checkout. Needs python3 (3.11 or newer, with venv) and nothing else.

PORT ?= 8000
DATA ?= .demo
TESTS ?= tests
MESSAGE ?=
PYTHON ?= python3
UV_VERSION = 0.13.9

export PYTHONPATH = .
RUN = .venv/bin/python -m

.DEFAULT_GOAL = help
.PHONY: help demo test thorough faults check format migration bench screenshots lock clean

help:
	@echo "make demo         run the whole platform here (PORT=$(PORT) DATA=$(DATA)); Ctrl-C ends it"
	@echo "make test         run the tests (TESTS=tests/hubs for a part of them)"
	@echo "make thorough     run the tests that take long: every door and page of everybody, made-up requests"
	@echo "make faults       kill workers, Redis and the database while messages go, and count what arrives: 10 minutes"
	@echo "make check        lint, types, contracts between packages, migrations against models"
	@echo "make format       put the code into its usual form"
	@echo "make migration    write the migration for what changed in the models (MESSAGE=\"Add the waiting list\")"
	@echo "make bench        measure, and print the table"
	@echo "make screenshots  make pictures of the pages of a demo that is running (DATA)"
	@echo "make lock         choose the newest packages that pyproject.toml allows"

demo: .venv/.stamp
	@exec .venv/bin/python -m app.demo --port "$(PORT)" --data "$(DATA)"

test: .venv/.stamp
	$(RUN) pytest -n 3 --dist loadgroup -m "not thorough and not faults" $(TESTS)

thorough: .venv/.stamp
	$(RUN) pytest -n 3 --dist loadgroup -m thorough $(TESTS)

faults: .venv/.stamp
	$(RUN) pytest -m faults -p no:randomly --durations-min=30 tests/faults

check: .venv/.stamp
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	.venv/bin/lint-imports
	$(RUN) app.demo.migrations check

format: .venv/.stamp
	$(RUN) ruff check --fix
	$(RUN) ruff format

migration: .venv/.stamp
	@test -n "$(MESSAGE)" || { echo 'Say what it does: make migration MESSAGE="Add the waiting list"'; exit 1; }
	$(RUN) app.demo.migrations new "$(MESSAGE)"

bench: .venv/.stamp
	$(RUN) bench

screenshots: .venv/.stamp
	$(RUN) tests.screenshots --data "$(DATA)"

lock: .uv/.stamp
	.uv/bin/python app/demo/packages.py lock

clean:
	rm -rf .venv .uv .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache

# The mode is for PostgreSQL, which root must run as somebody else: what is installed has to be readable to all.
.venv/.stamp: requirements-dev.lock app/demo/packages.py .uv/.stamp
	@echo "Installing packages into .venv (only when they change)"
	@umask 022 && .uv/bin/python app/demo/packages.py install
	@touch $@

.uv/.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3 ..."; exit 1; }
	@umask 022 && { $(PYTHON) -m venv .uv || { rm -rf .uv; \
		echo "Python's venv module is needed. On Debian and Ubuntu: apt install python3-venv"; exit 1; }; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@
