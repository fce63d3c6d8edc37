# `make test` does everything on a fresh machine: a virtual environment, a browser, lint, types, tests.
VENV := .venv
PYTHON := $(VENV)/bin/python

.PHONY: test lint browser hosting-tools bench hostile load faults space sbom clean

test: lint browser hosting-tools
	$(PYTHON) -m pytest -n 2 --dist loadfile

lint: $(VENV)/.installed
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/hadolint Dockerfile
	$(PYTHON) assets/hosting/audit.py

bench: $(VENV)/.installed
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(PYTHON) -m pytest tests/bench -m heavy -s

# The page, the command line and the library under attack: all cases, with a report in assets/results/hostile.
hostile: $(VENV)/.installed
	$(PYTHON) -m tests.hostile.run

# Twenty-five programs at once for five minutes, and hundreds of launches; the report is assets/results/load.
load: $(VENV)/.installed
	$(PYTHON) -m tests.load

# Kills, full disks, no rights, no network, another clock; the report is assets/results/faults.
faults: $(VENV)/.installed
	MAMEX_FAULTS_REPORT=assets/results/faults $(PYTHON) -m pytest tests/faults -m faults

# The page under a Space's conditions (as root, with port 7860 free).
space: $(VENV)/.installed
	$(PYTHON) assets/hosting/space_conditions.py --out runs/space.md

# What the page is made of, and under which licences.
sbom: $(VENV)/.installed
	$(PYTHON) assets/hosting/licences.py
	$(PYTHON) assets/hosting/sbom.py runs/sbom.json

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

# What the tests of hosting drive; they are skipped, and say so, where it can't be had.
hosting-tools:
	@{ command -v nginx && command -v git-lfs; } >/dev/null \
	|| { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq \
	     && apt-get install -y -qq nginx git-lfs >/dev/null; } \
	|| echo "nginx and git-lfs can't be had here: their tests are skipped."

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache runs
