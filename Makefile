# `make test` does everything on a fresh machine: a virtual environment, a browser, lint, types, tests.
VENV := .venv
PYTHON := $(VENV)/bin/python

.PHONY: test lint browser bench hostile load faults sbom clean

test: lint browser
	$(PYTHON) -m pytest -n 2 --dist loadfile

lint: $(VENV)/.installed
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) assets/hosting/audit.py

bench: $(VENV)/.installed
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(PYTHON) -m pytest tests/bench -m heavy -s

$(VENV)/.installed: requirements.txt requirements-dev.txt
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

# The browser tests drive a Chromium: the system's, or else one from Debian's packages, or else Playwright's own.
browser: $(VENV)/.installed
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null \
	|| { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq \
	     && apt-get install -y -qq chromium >/dev/null; } \
	|| $(PYTHON) -m playwright install chromium

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache runs
