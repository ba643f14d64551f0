# Every command sets up its own environment: python3's venv and pip, nothing else.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# One process per core; a free one takes tests from the other's queue.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist worksteal

# What other versions of Python and of packages can break: numbers, compiled loops, files, tables, graphs.
LIBRARIES := tests/regression tests/twin $(foreach name, bad_scenarios data diffuse draws exports frozen_values graphs own_tables \
	pickling pieces results results_elsewhere stream table_rules threads, tests/contract/test_$(name).py)
# Old releases warn of what has changed since; only our own environment takes warnings for errors.
ELSEWHERE := python -m pytest --numprocesses auto --dist worksteal -m "not slow and not browser and not peer" --override-ini=filterwarnings=default -p no:cacheprovider $(LIBRARIES)

.PHONY: help study test test-quick test-lowest test-other-python lint docs bench data estimate compare suppliers calibrate sides sensitivity freeze clean
.DEFAULT_GOAL := help

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

study: $(READY) ## run the Carnegie 2019 study on real data, into results/
	$(BIN)/python examples/01_carnegie_2019.py

test: $(READY) ## run all tests
	$(PYTEST)
	$(PYTEST) --doctest-modules src/standards_net

test-quick: $(READY) ## run the tests that take under a minute and a half together
	$(PYTEST) -m "not slow and not browser"

test-lowest: $(READY) ## test with the lowest versions of all dependencies that pyproject.toml allows what versions can break
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-lowest
	$(BIN)/uv pip install --quiet --python .venv-lowest --resolution lowest-direct --editable . --group test
	.venv-lowest/bin/$(ELSEWHERE)

test-other-python: $(READY) ## the same on the newest other Python of this machine, with the newest versions
	@other=$$($(BIN)/python tools/other_python.py) || { echo "no other Python is on this machine: not run"; exit 0; }; \
	echo "on $$other"; \
	$(BIN)/uv venv --quiet --clear --python "$$other" .venv-other && \
	$(BIN)/uv pip install --quiet --python .venv-other --upgrade --editable . --group test && \
	.venv-other/bin/$(ELSEWHERE)

lint: $(READY) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY) ## render docs/ from tables and docstrings, and build the pages into site/
	$(BIN)/python -m tools.build_docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(READY) ## time the ensemble, landscapes and processes on networks (peers: benchmarks/peers/README.md)
	$(BIN)/python benchmarks/ensemble.py
	$(BIN)/python benchmarks/landscape.py
	$(BIN)/python benchmarks/diffusion.py $(PEERS)

data: $(READY) ## rebuild data/ from raw tables: make data RAW=folder
	$(BIN)/python -m tools.build_data --raw $(RAW)

compare: $(READY) ## set the model beside what was reported: docs/evidence.md, docs/comparison.md
	$(BIN)/python -m tools.compare_reports

estimate: ## estimate the base of 2019 by operator, in an environment of its own: make estimate RAW=folder
	test -x .venv-estimate/bin/python || $(PYTHON) -m venv .venv-estimate
	.venv-estimate/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	.venv-estimate/bin/python -m pip install --quiet --editable . --group estimate
	.venv-estimate/bin/python -m tools.fit_baseline --raw $(RAW)

suppliers: $(READY) ## estimate how operators chose 5g suppliers: data/model/supplier_choice.json
	$(BIN)/python -m tools.fit_suppliers

calibrate: $(READY) ## move the priors by what happened from 2019 to 2025 (35 s, 0.8 GB): data/model/calibration.json
	$(BIN)/python -m tools.calibrate

sides: $(READY) ## fit who takes which side and who restricts vendors: data/politics/sides_fit.json
	$(BIN)/python -m tools.fit_sides

sensitivity: $(READY) ## which parameters move results and turn findings (20 min): data/model/sobol_indices.json, flip_values.json
	$(BIN)/python -m tools.sensitivity

freeze: $(READY) ## rewrite the frozen small study after a change of numbers that is meant
	$(BIN)/python tests/regression/freeze.py

clean: ## remove the environment and what was built
	rm -rf $(VENV) .venv-estimate .venv-lowest .venv-other dist results site .pytest_cache .mypy_cache .ruff_cache .hypothesis

# pip older than 25.1 does not read dependency groups: a recent one is fetched first.
$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@
