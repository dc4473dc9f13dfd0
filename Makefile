# Every chore is a target here; a bare `make` lists them. Needs Python 3.11 or newer, make and a package index.

PORT ?= 8000
ONLY ?=
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup extras run test lint fix bench lock messages screenshots clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: .venv/installed .venv/font  ## make .venv and install everything the game needs (nothing is started)
	@:

extras: .venv/installed-extras  ## install what is optional: Ray Serve, RapidOCR, MP4, training's tools; their tests then run
	@:

run: setup  ## serve the game on 127.0.0.1:8000 and start one worker; PORT= changes the port
	@PORT=$(PORT) exec .venv/bin/paintoff run

test: setup .venv/installed-tests  ## install what the tests need, a browser included, and run every test
	@sh scripts/browser.sh
	$(PY) -m pytest
	@sh scripts/test-js.sh

lint: setup .venv/installed-tests  ## ruff, and mypy --strict for scorer, generator and the game's rules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

fix: .venv/installed-tests  ## let ruff mend and format the code
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup  ## measure; prints one JSON object a line; ONLY=name runs one
	@$(PY) -m bench $(ONLY)

lock:  ## resolve pyproject.toml's ranges anew into the lock files; NARROW='torch==2.13.0' keeps one build
	@$(PYTHON) scripts/lock.py $(NARROW)

messages: setup  ## bring translations/ up to date with the texts in templates and code
	@$(PY) -m scripts.messages

screenshots: setup .venv/installed-tests  ## play a round in a real browser and renew docs/screenshots
	@sh scripts/browser.sh
	@$(PY) -m scripts.screenshots

clean:  ## remove .venv and caches; the game's data in instance/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis static/fonts *.egg-info

# Stamps: a step runs again only when what it reads has changed.

.venv/made:
	@sh scripts/venv.sh "$(PYTHON)"
	@touch $@

.venv/installed: .venv/made requirements.lock pyproject.toml
	@sh scripts/install.sh "the game" -r requirements.lock
	@sh scripts/install.sh "its packages" --no-deps --no-build-isolation --editable .
	@$(PY) -m compileall -q game scorer generator
	@touch $@

.venv/installed-tests: .venv/installed requirements-test.lock
	@sh scripts/install.sh "the test tools" -r requirements-test.lock
	@touch $@

.venv/installed-extras: .venv/installed requirements-cluster.lock requirements-film.lock requirements-ocr.lock \
		requirements-oidc.lock requirements-onnx.lock requirements-s3.lock \
		requirements-training.lock
	@sh scripts/install.sh "the optional extras" -r requirements-cluster.lock -r requirements-film.lock \
		-r requirements-ocr.lock -r requirements-oidc.lock -r requirements-onnx.lock -r requirements-s3.lock -r requirements-training.lock
	@touch $@

.venv/font: .venv/installed scripts/font.py requirements-font.lock
	@$(PY) scripts/font.py && touch $@
