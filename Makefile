# `make run` installs and runs the daemon; `make test` installs and passes the tests.
# Both work in a fresh checkout; a second time they find everything in place.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What is compiled is kept, whatever the shell says: every worker of every run would compile it anew.
unexport PYTHONDONTWRITEBYTECODE

# What runs again as if the machine stood in Auckland, which is far from UTC and changes its clocks, but
# in other months than Europe: whatever counts days and weeks.
# Landings and airfields know UTC alone, and pictures are drawn in the place's zone.
ZONES := Pacific/Auckland
ZONE_TESTS := tests/test_weeks.py tests/test_isolation.py tests/alerts tests/coverage \
    $(filter-out tests/reports/test_picture_drawing.py,$(wildcard tests/reports/test_*.py))

# Tests are shared out; to two workers more than there are cores, as those of real processes wait
# more than they work. `make pytest WORKERS=0` runs all in one process.
WORKERS ?= $(shell expr $$(nproc) + 2)
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# What repeats a part of the suite hardly waits, and each worker takes seconds to find its tests.
CORES ?= $(shell nproc)

# What CI runs once more under another Python, in about a minute: the pure rooms and the commands,
# without the long searches for a counterexample, which find no more under another Python, and
# without what draws or packs, in which others' code does the work.
OTHER_VENV := .venv-other
OTHER_TESTS := $(wildcard $(addprefix tests/,alerts coverage decode landings model published \
    reports tracking watches cli))

OTHER_IGNORED := tests/reports/test_picture_drawing.py tests/cli/test_picture.py \
    tests/cli/test_evidence.py tests/cli/test_seal.py tests/cli/test_stamps.py

# The short form of each benchmark is a target of its own. Those that claim counts or bytes, or
# half of the processor time that they may take, may run beside something else; the others claim times. What becomes of an upgraded year needs the commits of an
# older release, which a fresh machine may lack.
SCRIPTS := $(filter-out sanity-upgraded_year,$(patsubst bench/%.py,sanity-%,$(wildcard bench/[!_]*.py)))
UNTIMED := sanity-accuracy sanity-alerts sanity-corrections sanity-disk_year sanity-drawing sanity-faults \
    sanity-memory sanity-seven_years sanity-stops sanity-year
TIMED := $(filter-out $(UNTIMED),$(SCRIPTS))

.PHONY: help demo run test lint merge-marks format types imports beside collected bench-sanity $(UNTIMED) \
    $(TIMED) bench long service deb deb-test container-test pictures mutants fuzz fuzz-deep zones pytest other-python \
    mails commands lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/.runtime ## install, then show a simulated season (ctrl-C stops its page)
	$(BIN)/collector demo

run: $(VENV)/.runtime ## install, then run the daemon (ctrl-C stops it)
	$(BIN)/collector run

# What fails soonest comes first, and the suite before what repeats a part of it. The suite alone
# prints pytest's closing line, for whoever looks for it: `zones` and `other-python` run with -qq.
test: lint imports beside pytest zones $(TIMED) ## install, then pass every check and test

# Each of these keeps one core busy, so two run at a time; what one says is printed when it ends.
beside: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target types collected $(UNTIMED)

# pytest compiles the test files in a way of its own. Once here, and not in every worker of the suite,
# which also says what is wrong with a file.
collected: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 0 --collect-only -qq >/dev/null || true

lint: merge-marks $(VENV)/.dev ## style, and that every file is formatted
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .

# In a checkout the files that git tracks, in an unpacked archive all but what the tools made.
UNREAD := .git '.venv*' $(notdir $(VENV)) '.*_cache' .hypothesis __pycache__ build dist var
MARKS := ^(<{7}|>{7}|[|]{7})( |$$)
merge-marks: ## that no file holds the marks of an unfinished merge
	@if [ -e .git ] && git rev-parse --git-dir >/dev/null 2>&1; \
	then git grep -nIE '$(MARKS)'; \
	else grep -rnIE '$(MARKS)' $(addprefix --exclude-dir=,$(UNREAD)) .; fi; \
	case $$? in \
	    0) echo "The lines above are the marks of an unfinished merge." >&2; exit 1;; \
	    1) ;; \
	    *) exit 1;; \
	esac

format: $(VENV)/.dev ## put every file into shape
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## mypy, strict, tests included
	$(BIN)/mypy

imports: $(VENV)/.dev ## who may know whom (.importlinter)
	@$(BIN)/lint-imports --cache-dir $(VENV)/.import_linter_cache

bench-sanity: $(TIMED) $(UNTIMED) ## every benchmark in its short form: do the claims hold?

sanity-accuracy: $(VENV)/.dev
	$(BIN)/python -m bench.accuracy --sanity
	$(BIN)/python -m bench.recordings --sanity

sanity-alerts: $(VENV)/.dev
	$(BIN)/python -m bench.alerts --sanity

sanity-faults: $(VENV)/.dev
	$(BIN)/python -m bench.faults --sanity

$(SCRIPTS): sanity-%: bench/%.py $(VENV)/.dev
	@$(BIN)/python $< --sanity

bench: $(VENV)/.dev ## every benchmark in full: the figures of docs/benchmarks.md
	@set -e; for each in bench/[!_]*.py; do $(BIN)/python $$each; done
	$(BIN)/python -m bench.accuracy --flights 5000 --seed 20261126 --processes 2 --oracle 20000
	$(BIN)/python -m bench.recordings
	$(BIN)/python -m bench.faults --processes 2
	$(BIN)/python -m bench.alerts

long: $(VENV)/.dev ## the whole demo, its mails, published as a site; LibreOffice (soffice), which CI does not install
	$(BIN)/python -m pytest tests/long

service: $(VENV)/.dev ## docs/operating.md, tried in a box with systemd ($$COLLECTOR_BOX names its command)
	$(BIN)/python -m tests.long.service --write docs/service-test.md

deb: $(VENV)/.dev ## the Debian package, in dist/ (on Debian, with its python3-venv)
	$(BIN)/python -m scripts.deb dist

deb-test: $(VENV)/.dev ## the package, tried in a box with systemd ($$COLLECTOR_BOX names its command)
	$(BIN)/python -m tests.long.package --write docs/package-test.md

container-test: $(VENV)/.dev ## the container, tried in a box with systemd ($$COLLECTOR_BOX names its command)
	$(BIN)/python -m tests.long.container --write docs/container-test.md

pictures: $(VENV)/.dev ## docs/pictures.md and the pictures of the README anew, from the demo (needs Chromium)
	$(BIN)/python -m scripts.pictures

# 300 mistakes by lot a room; all that can be made in tracking and in reconciling. The tests are those of
# the room; the nouns of model are tried by those of the rooms that use them, too.
MUTANTS := $(BIN)/python -m bench.mutants
mutants: $(VENV)/.dev ## what tests notice of mistakes made on purpose in the pure rooms (docs/mutants.md)
	$(MUTANTS) collector/landings/reconcile.py --tests tests/landings/test_reconcile.py tests/landings/test_revisions.py
	$(MUTANTS) collector/landings --longest 0.3 --tests tests/landings
	$(MUTANTS) collector/tracking --count 5000 --tests tests/tracking tests/landings/test_second_track.py
	$(MUTANTS) collector/watches --tests tests/watches
	$(MUTANTS) collector/coverage --tests tests/coverage
	$(MUTANTS) collector/decode --tests tests/decode
	$(MUTANTS) collector/model --tests tests/model tests/coverage tests/watches tests/landings/test_revisions.py \
	    tests/test_examples.py
	$(MUTANTS) collector/alerts --tests tests/alerts
	$(MUTANTS) collector/weeks.py collector/geo.py collector/merkle.py \
	    --tests tests/test_weeks.py tests/test_geo.py tests/test_merkle.py tests/test_examples.py

# Every door by which foreign bytes enter: replies, archives, recordings, spreadsheets, configuration.
DOORS := tests/decode tests/archives tests/recording tests/published/test_spreadsheets.py \
    tests/settings/test_all_mistakes.py tests/http/test_etiquette.py
fuzz: $(VENV)/.dev ## $$FUZZ_EXAMPLES inputs (20,000) for each property of what reads foreign bytes
	HYPOTHESIS_PROFILE=fuzz $(PYTEST) -m hypothesis --hypothesis-show-statistics $(DOORS)

fuzz-deep: $(VENV)/.dev ## the same doors, searched by coverage with atheris: 1,000,000 inputs for each (docs/threats.md)
	$(BIN)/python -m pip install --quiet --require-hashes -r bench/fuzz/requirements.txt
	$(BIN)/python -m bench.fuzz

# The long searches for a counterexample run in the suite alone: where a zone matters, they draw it.
zones: $(VENV)/.dev ## the tests that depend on time, in another time zone
	@set -e; for zone in $(ZONES); do echo "in $$zone:"; \
	    COLLECTOR_TEST_TZ=$$zone $(PYTEST) -n $(CORES) -qq -m 'not hypothesis' $(ZONE_TESTS); done

pytest: $(VENV)/.dev ## the whole suite, in UTC
	$(PYTEST)

other-python: $(VENV)/.dev ## the pure rooms and the commands under the newest other Python there is
	@set -e; other=$$($(BIN)/python .ci/other_python.py); [ -n "$$other" ] || exit 0; \
	echo "under $$other:"; \
	was=$$(readlink -f $(OTHER_VENV)/bin/python || true); \
	[ "$$was" = "$$(readlink -f "$$other")" ] || rm -rf $(OTHER_VENV); \
	$(MAKE) --no-print-directory VENV=$(OTHER_VENV) PYTHON="$$other" $(OTHER_VENV)/.test; \
	$(OTHER_VENV)/bin/python -m pytest -n $(CORES) --dist worksteal -qq \
	    -m 'not hypothesis and not waits' $(addprefix --ignore=,$(OTHER_IGNORED)) $(OTHER_TESTS)

mails: $(VENV)/.dev ## a digest and an alert of made data, with their pictures, in var/mails, to look at
	$(BIN)/python -m tests.reports.mails_shown var/mails

commands: $(VENV)/.dev ## write docs/commands.md, docs/configuration.md and docs/glossary.md anew
	$(BIN)/python -m collector.cli.reference > docs/commands.md
	$(BIN)/python -m collector.settings.reference > docs/configuration.md
	$(BIN)/python -m collector.reports.glossary > docs/glossary.md

# Three lock files, made from pyproject.toml; the second holds everything of the first, and the third
# what of the second the tests of OTHER_TESTS need: no type checker, no SciPy.
LOCK := pip compile --quiet --generate-hashes --universal --python-version 3.11 \
    --custom-compile-command 'make lock' --group build
UV ?= uv
lock: ## resolve the dependencies anew (needs uv)
	$(UV) $(LOCK) --upgrade pyproject.toml -o requirements.lock
	$(UV) $(LOCK) --upgrade pyproject.toml --group dev -c requirements.lock \
	    -o requirements-dev.lock
	$(UV) $(LOCK) --upgrade pyproject.toml --group test -c requirements-dev.lock \
	    -o requirements-test.lock

clean: ## remove what the tools left behind (never data: that is in var/)
	rm -rf $(VENV) $(OTHER_VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else \
	    f"Python 3.11 or newer is needed, this is {v[0]}.{v[1]}: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

# Until 0.2.0 our distribution was called `collector`. It is removed before the new one comes, as it
# owns the same files: removed later, it would take them along. Where there is none, pip says nothing.
FORGET_COLLECTOR = $(BIN)/pip uninstall --quiet --quiet --yes collector

# `make INSTALLER='uv pip'` takes seconds where pip takes a minute; either checks every hash.
INSTALLER ?= $(BIN)/pip
INSTALL = VIRTUAL_ENV=$(abspath $(VENV)) $(INSTALLER) install --quiet

# Every hash is checked, the build tool's included; then our own package, without the network. A file
# is compiled when it is first imported, and most of what is installed never is.
$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Some 50 MB of Python packages are fetched and put into $(VENV); nothing else is changed."
	$(INSTALL) --no-compile --require-hashes -r requirements.lock
	@$(FORGET_COLLECTOR)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# A file of what is only tested with is compiled when it is first imported, and most never are. What
# takes seconds to compile, and is first imported while a test waits for it, is imported here.
$(VENV)/.dev: requirements-dev.lock requirements.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --no-compile --require-hashes -r requirements-dev.lock
	@$(BIN)/python -c 'import distributed, matplotlib.backends.backend_agg, \
	    matplotlib.backends.backend_svg'
	@$(FORGET_COLLECTOR)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

$(VENV)/.test: requirements-test.lock requirements.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --no-compile --require-hashes -r requirements-test.lock
	@$(FORGET_COLLECTOR)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
