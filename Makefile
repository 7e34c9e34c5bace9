# Relais in two commands: `make demo` and `make test`. Everything else is below.
# Needs Python 3.11 or newer with venv, and make. PYTHON=/path/to/python3 chooses another one.

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
ARGS ?=
PACKAGES := config api referrals directory partners
STRICT := -p partners.audit -p partners.crypto -p referrals.workflow -p referrals.actions \
	-p referrals.consent -p directory.search

.DEFAULT_GOAL := help
.PHONY: help demo test check lock assets messages clean

help:
	@echo "make demo            run Relais with an invented network on http://127.0.0.1:$(PORT)/"
	@echo "make test            the tests, on SQLite and PostgreSQL (CI=true: all; ARGS=\"-k name\" narrows)"
	@echo "make check           style, types, layers, translations, security settings"
	@echo "make messages        collect the texts of the pages and compile the translations"
	@echo "make assets          rebuild the compiled styles from their sources"
	@echo "make lock            pin the dependencies again (requirements*.in to *.lock)"
	@echo "make clean           remove the environment, the demo's data and every cache"

demo: $(VENV)/ready-to-run
	@PORT=$(PORT) $(BIN)/python manage.py demo $(ARGS)

test: $(VENV)/ready-to-test
	@$(BIN)/python -m tests.run $(ARGS)

check: $(VENV)/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit --quiet --recursive --severity-level medium --configfile pyproject.toml $(PACKAGES)
	$(BIN)/djlint --lint --quiet $(PACKAGES)
	$(BIN)/lint-imports
	$(BIN)/python -m config.assets --check
	@set -a; . ./tests/production.env; set +a; set -ex; \
		$(BIN)/mypy $(STRICT); \
		$(BIN)/python manage.py makemigrations --check --dry-run; \
		$(BIN)/python manage.py messages --check; \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

messages: $(VENV)/ready-to-run
	@set -a; . ./tests/production.env; set +a; $(BIN)/python manage.py messages

assets: $(VENV)/ready-to-run
	$(BIN)/python -m config.assets

lock: $(VENV)/ready-to-test
	$(BIN)/pip-compile $(LOCK_OPTIONS) --output-file=requirements.lock requirements.in
	$(BIN)/pip-compile $(LOCK_OPTIONS) --output-file=requirements-dev.lock requirements-dev.in

# No index or file location of the machine that pinned them may stand in the lock files.
LOCK_OPTIONS := --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps make a second run start at once. What is needed to test includes what is needed to run.
$(VENV)/ready-to-run: requirements.lock | $(BIN)/python
	@echo "Installing what Relais runs on ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/ready-to-test: requirements-dev.lock requirements.lock | $(BIN)/python
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $(VENV)/ready-to-run $@

$(BIN)/python:
	@found=; \
	for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			found=$$candidate; break; \
		fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Relais needs Python 3.11 or newer, and none was found. Install it, or name it: make PYTHON=/path/to/python3 ..." >&2; \
		exit 1; \
	fi; \
	if ! $$found -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "$$found has no venv. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; \
	fi; \
	$$found -m venv --clear $(VENV)
