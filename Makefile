# baoxiu: `make run` starts the whole desk on this machine, `make test` proves it. Needs Python 3.11+ and make.
PYTHON ?= python3
PORT ?= 8000
SPEED ?= 1
DEMO ?=
STEPS ?= 20000
COVERED ?= 92
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run test test-deep bench package lint check-infra units e2e browser requirements clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

# One environment for everything that builds, runs and tests; remade when the requirements change.
.venv/.ready: requirements-dev.txt infra/local/bootstrap.sh
	@PYTHON=$(PYTHON) sh infra/local/bootstrap.sh

run: .venv/.ready  ## the desk on http://127.0.0.1:8000 (PORT=…, SPEED=60: an hour a minute, DEMO=year: a year of figures); Ctrl-C stops it
	@exec $(BIN)/python -m infra.local.run --port $(PORT) --speed $(SPEED) --demo '$(DEMO)'

package: .venv/.ready  ## out/: sam.yaml and deployment.zip, ready for `aws cloudformation`
	@$(BIN)/python -m infra.build

lint: .venv/.ready  ## style, types, imports, the punctuation of Chinese
	$(BIN)/python -m infra.build.typography
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check-infra: package  ## the template: cfn-lint for AWS and AWS China, state machine, checkov
	@sh infra/build/check.sh

browser:  ## Chromium and a Chinese font from Debian, where they are missing
	@sh infra/local/browser.sh

units: .venv/.ready
	$(BIN)/pytest tests --ignore tests/e2e

# Lines of chalicelib that the units' own process ran, to out/coverage.json; fewer than COVERED percent is a fault.
MEASURED := -m slipcover --source chalicelib --omit 'chalicelib/web/compiled/*' --json --out out/coverage.json
JOURNEYS := journeys "$(BIN)/python -m pytest tests/e2e"
CHECKS := checks "$(MAKE) --no-print-directory lint check-infra"
test: package browser  ## everything, browser journeys included: checks and two halves side by side
	@$(BIN)/python -m tests.halves $(CHECKS) units "$(BIN)/python $(MEASURED) -m pytest tests --ignore tests/e2e" $(JOURNEYS)
	@$(BIN)/python -m tests.covered out/coverage.json $(COVERED)

test-deep: package browser  ## the same with long random walks
	@BAOXIU_STEPS=$(STEPS) HYPOTHESIS_PROFILE=deep $(BIN)/python -m tests.halves $(CHECKS) \
		units "$(BIN)/python -m pytest tests --ignore tests/e2e" $(JOURNEYS)

bench: .venv/.ready  ## the quality bars, one JSON object a line
	@$(BIN)/python -m tests.bench

requirements: .venv/.ready  ## lock the *.in files anew, with hashes
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -c requirements-dev.txt requirements.in -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -c requirements-dev.txt requirements-letter.in -o requirements-letter.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -c requirements-dev.txt requirements-archive.in -o requirements-archive.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q requirements-checkov.in -o requirements-checkov.txt

clean:  ## forget the environments, what was built and the local data
	rm -rf .venv .venv-checkov out .local .pytest_cache .mypy_cache .ruff_cache .hypothesis
