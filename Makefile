# What can be made here. `make` alone lists it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test test-long check bench lock messages browser

PYTHON := .venv/bin/python
BROWSER := /usr/bin/chromium

# The newest that the lock was made for first; it must be able to make an environment.
FIND_PYTHON = for python in python3.11 python3.12 python3.13 python3; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then echo $$python; exit; fi; \
	done; \
	echo 'Accord needs Python 3.11 or newer with its venv module (Debian: apt-get install python3-venv).' >&2; \
	exit 1

# An environment carries the check sum of the lock it was made from: nothing is done while it holds.
RUNTIME := .venv/runtime-$(firstword $(shell cksum requirements.txt))
TOOLS := .venv/tools-$(firstword $(shell cksum requirements-dev.txt))
# Tests start a hundred processes: each would compile everything anew where no bytecode may be kept.
PYTEST = env -u PYTHONDONTWRITEBYTECODE $(PYTHON) -m pytest -n auto
INSTALL = $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## install, start everything, and serve on PORT (8000)
	@exec $(PYTHON) manage.py up

test: $(TOOLS) browser ## the test suite, on servers of its own
	@$(PYTEST)

test-long: $(TOOLS) browser ## what takes longer
	@$(PYTEST) -m long

check: $(TOOLS) ## format, lint, types, imports, templates, migrations, messages, deployment
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m djlint --lint --quiet templates
	$(PYTHON) manage.py makemigrations --check --dry-run
	@if $(PYTHON) manage.py help --commands | grep -qx messages; then $(PYTHON) manage.py messages check; fi
	SITE_URL=https://accord.example $(PYTHON) manage.py check --deploy --fail-level WARNING

bench: $(TOOLS) ## the benchmarks; the table is kept in var/bench.json
	@$(PYTHON) -m tests.bench

messages: $(RUNTIME) ## collect and compile the translations
	@$(PYTHON) manage.py messages update
	@$(PYTHON) manage.py messages compile

lock: ## pin the dependencies of pyproject.toml, with hashes
	@set -e; python=$$($(FIND_PYTHON)); test -x var/uv/bin/uv || { $$python -m venv var/uv; var/uv/bin/python -m pip install --quiet uv; }
	@set -e; compile='pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet'; \
	var/uv/bin/python -m uv $$compile --group dev -o requirements-dev.txt; \
	var/uv/bin/python -m uv $$compile -c requirements-dev.txt -o requirements.txt

browser:
	@if ! test -x $(BROWSER) && command -v apt-get >/dev/null && test "$$(id -u)" = 0; then \
	  echo 'Installing the browser for the journeys …'; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium fonts-noto-core fonts-noto-cjk >/dev/null; \
	fi

$(PYTHON):
	@set -e; python=$$($(FIND_PYTHON)); echo "Making .venv with $$python …"; $$python -m venv --clear .venv

$(RUNTIME): | $(PYTHON)
	@echo 'Installing the dependencies …'
	@$(INSTALL) -r requirements.txt
	@rm -f .venv/runtime-*; touch $@

$(TOOLS): | $(PYTHON)
	@echo 'Installing the dependencies and the tools …'
	@$(INSTALL) -r requirements-dev.txt
	@rm -f .venv/tools-* .venv/runtime-*; touch $@ $(RUNTIME)
