# Two commands do everything on a fresh machine with Python 3.11+, pip and make:
#   make demo    the whole story, with simulated measurements
#   make test    style, types, and every quick test that needs no service
PYTHON ?= python3
BIN := .venv/bin
HASH = $(PYTHON) -c "import hashlib,sys; print(hashlib.sha256(b''.join(open(f,'rb').read() for f in sys.argv[1:])).hexdigest()[:16])"
RUN := .venv/.run-$(shell $(HASH) requirements.lock)
DEV := .venv/.dev-$(shell $(HASH) requirements-dev.lock)

.PHONY: demo test test-campaigns test-services lint locale schemas locks oracles properties faults calibration benchmarks clean

demo: | $(RUN)
	@$(BIN)/htkeval demo

test: lint
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not service and not campaign"

# Hundreds of invented trials of every kind, a wheel in an empty environment: minutes, not seconds.
test-campaigns: | $(DEV)
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "campaign and not service"

# Servers and browsers; those of one file are shared, so a file stays with one process.
test-services: | $(DEV)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m service

lint: | $(DEV)
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/python -m htkeval.locale --check

locale: | $(DEV)
	@$(BIN)/python -m htkeval.locale

schemas: | $(DEV)
	@$(BIN)/python -m htkeval.cli.documents

oracles:
	@for script in tests/oracles/*.R; do Rscript $$script || exit 1; done

# What must hold whatever was measured: symmetries, scales, faults of every kind in every design.
properties: | $(DEV)
	@$(BIN)/python -m pytest -q -n 2 tests/evaluation/test_properties.py tests/evaluation/test_degenerate.py \
	  tests/stats/test_rerandomisation.py tests/stats/test_ratio_draws.py tests/stats/test_regression.py
	@$(BIN)/python -m pytest -q --hypothesis-profile=thorough tests/stats/test_sequential.py

# Thousands of damaged files, and whatever else takes too long for every day: a script each.
faults: | $(DEV)
	@for script in faults/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# Null trials of every design through the evaluation: about an hour on two idle cores.
calibration: | $(DEV)
	@$(BIN)/python -m calibration -o htkeval/reporting/calibration.json

# Every promised figure, in one run after another; ratios, for machines differ.
benchmarks: | $(DEV)
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done | tee benchmarks/figures.txt

# Locks carry hashes and no address of an index. A lock that changes is installed anew.
locks: | $(DEV)
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
	  --extra build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
	  --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache test-output htkeval-demo

$(RUN): | .venv/pyvenv.cfg
	@sh .ci/install requirements.lock $(PYTHON) && touch $@

$(DEV): | .venv/pyvenv.cfg
	@sh .ci/install requirements-dev.lock $(PYTHON) && touch $@ $(RUN)

.venv/pyvenv.cfg:
	@$(PYTHON) -c "import sys; sys.exit('htkeval needs Python 3.11 or newer' if sys.version_info < (3, 11) else 0)"
	@$(PYTHON) -m venv --without-pip .venv
