# Culture Cloud: `make run` serves the demo county, `make test` passes the whole suite.
# `make help` lists every target.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REPORTS := reports
PO := $(wildcard culture_cloud/translations/*/LC_MESSAGES/messages.po)
TRADITIONAL := culture_cloud/translations/zh_Hant
MO := $(PO:.po=.mo) $(TRADITIONAL)/LC_MESSAGES/messages.mo

ON_POSTGRESQL := --database postgresql -m "not browser and not slow and not one_database"

IN_THE_BROWSER := -m "browser and not slow and not matrix"

.DEFAULT_GOAL := help
.PHONY: help run test check setup setup-test browser format lock catalogues bench race test-postgresql test-browser test-slow screenshots nu a11y a11y-docs lighthouse clean

help: ## what there is
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: setup ## set up, load the demo county into an empty site, serve on http://127.0.0.1:8000
	@exec $(BIN)/python app.py

setup: $(VENV)/.base $(VENV)/.speech $(MO) ## what running needs, pinned and hashed

setup-test: $(VENV)/.test $(VENV)/.speech $(MO) ## what testing needs

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Culture Cloud needs Python 3.11 or newer; this is $$($(PYTHON) --version)."; exit 1; }
	$(PYTHON) -m venv $(VENV) || \
	  { echo "Python cannot make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.base: requirements/base.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.test: requirements/test.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@ $(VENV)/.base

$(VENV)/.speech: requirements/speech.txt | $(VENV)/.base
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/speech.txt || \
	  echo "There is no voice for this platform: pages are not read aloud, all else works."
	@touch $@

%.mo: %.po | $(VENV)/.base
	$(BIN)/pybabel -q compile -i $< -o $@ -l $$(basename $$(dirname $$(dirname $<)))

# before the rule for all: its catalogue is made, not written
$(TRADITIONAL)/LC_MESSAGES/messages.mo: culture_cloud/translations/zh_Hans_CN/LC_MESSAGES/messages.po $(TRADITIONAL)/overrides.json | $(VENV)/.base
	$(BIN)/python -m culture_cloud.traditional $@

browser: ## Debian's Chromium and a Chinese font, where they are missing and may be installed
	@sh .ci/browser.sh

test: setup-test browser ## everything: unit, pages, architecture, both databases, browser
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "not browser and not slow"
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup $(ON_POSTGRESQL)
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup $(IN_THE_BROWSER)

test-postgresql: setup-test ## the suite on PostgreSQL alone
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup $(ON_POSTGRESQL)

test-browser: setup-test browser ## the browser suite alone
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup $(IN_THE_BROWSER)

test-slow: setup-test browser ## the long crawls and races
	$(BIN)/python -m pytest -q -m slow

screenshots: setup-test browser ## take the pictures of README and docs anew
	$(BIN)/python -m tests.tools.screenshots

a11y: setup-test browser ## every page in every mode, scheme, role and state; writes reports/a11y/
	rm -rf $(REPORTS)/a11y
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m matrix tests/browser/matrix; \
	  status=$$?; $(BIN)/python -m tests.tools.a11y_report && exit $$status
	if command -v java >/dev/null && command -v npm >/dev/null; then $(BIN)/python -m tests.tools.nu; fi

a11y-docs: ## copy the last report's summary and pictures into docs/
	$(BIN)/python -m tests.tools.a11y_report --docs

lighthouse: setup-test browser ## Lighthouse, phone profile, on the demo (needs npm)
	$(BIN)/python -m tests.tools.lighthouse

outside: setup-test ## validators of IIIF that others wrote, on a site of our own (needs the network)
	$(BIN)/python -m tests.tools.outside

nu: setup-test ## the Nu validator over every page (needs Java and npm)
	$(BIN)/python -m tests.tools.nu

check: setup-test ## format, lint, types, layers, catalogues, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/architecture

format: setup-test ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

catalogues: setup-test ## collect messages from code and templates into the catalogues
	$(BIN)/python -m tests.tools.catalogues

bench: setup-test ## measure; see docs/performance.md
	$(BIN)/python -m benchmarks

race: setup-test ## everybody wants one session while processes are killed, on both databases
	$(BIN)/python -m benchmarks race

lock: ## pin the dependencies anew (needs uv)
	for name in base speech test; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --quiet requirements/$$name.in -o requirements/$$name.txt; \
	done

clean: ## remove what was built, never data
	rm -rf $(VENV) $(REPORTS) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find culture_cloud tests -name __pycache__ -prune -exec rm -rf {} +
	rm -f $(MO)
