# Two commands do everything: `make demo` runs the main job, `make test` runs every check.
# Each builds its own virtual environment from constraints.txt, once, and again when pyproject.toml or constraints.txt changes.

PYTHON ?= python3
WORKERS ?= 2
PYTEST_ARGS ?=
BENCH_ARGS ?= --check

MUTATED ?= actes cas-2011 charges-du-medecin cm-2016 cm-2024 contrat-responsable patients sanctions

DEMO := .venv-demo
TEST := .venv-test
BENCH := .venv-bench

# install(ENVIRONMENT, WHAT): build back-ends come from the constraints too, hence no build isolation: ours, and the one of pyspark,
# which is published as a source archive only.
define install
	$(PYTHON) -m venv --clear $(1)
	$(1)/bin/python -m pip install -qq --constraint constraints.txt hatchling setuptools
	$(1)/bin/python -m pip install -qq --constraint constraints.txt --no-build-isolation --editable '$(2)'
endef

.DELETE_ON_ERROR:
.PHONY: browser java picture site help demo test lint types imports pytest fix reference mutate constraints clean bench

help:
	@echo 'make demo         judge a group of radiologists and a register, print the page, leave demo-output/'
	@echo 'make test         ruff, mypy, import-linter, pytest'
	@echo 'make fix          format the code and the conventions, and mend what ruff can mend'
	@echo 'make bench        measure beside hand-written code and peers; BENCH_ARGS="--scale 1 --page" writes the page'
	@echo 'make reference    write again the generated pages of docs/reference'
	@echo 'make browser      install Chromium (Debian, as root), for the tests that look at pages'
	@echo 'make java         install Java (Debian, as root), for the tests of Spark'
	@echo 'make site         build the documents as a site, in build/site'
	@echo 'make picture      take again the picture of the README'
	@echo 'make mutate       plant faults in the shipped packs, and record which of them the tests see'
	@echo 'make constraints  pin again the newest versions that pass the tests'
	@echo 'make clean        remove environments, caches and results'

demo: $(DEMO)/.ready
	$(DEMO)/bin/python -m demo

test: lint types imports pytest

lint: $(TEST)/.ready
	$(TEST)/bin/ruff check .
	$(TEST)/bin/ruff format --check .

types: $(TEST)/.ready
	$(TEST)/bin/mypy

imports: $(TEST)/.ready
	$(TEST)/bin/lint-imports --no-cache

pytest: $(TEST)/.ready
	$(TEST)/bin/python -m pytest --numprocesses $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

fix: $(TEST)/.ready
	$(TEST)/bin/ruff check --fix .
	$(TEST)/bin/ruff format .
	$(TEST)/bin/optam fmt conventions

bench: $(BENCH)/.ready
	$(BENCH)/bin/python -m benchmarks $(BENCH_ARGS)

reference: $(TEST)/.ready
	$(TEST)/bin/python -m tests.support.examples
	rm -rf docs/reference/errors
	$(TEST)/bin/optam explain --pages docs/reference/errors
	$(TEST)/bin/optam explain --words --output docs/reference/mots.md
	mkdir -p docs/reference/law
	$(TEST)/bin/optam law --coverage > docs/reference/law/couverture.md

# Two tests look at pages in a real browser; they are skipped, and say so, where it is not installed.
browser:
	command -v chromium || (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium)

# The tests of Spark are skipped, and say so, where there is no Java.
java:
	command -v java || (apt-get update -qq && apt-get install -y -qq --no-install-recommends default-jre-headless)

site: $(TEST)/.ready
	$(TEST)/bin/python -m sphinx -W --keep-going -q -b html docs build/site
	@echo build/site/index.html

picture: $(TEST)/.ready
	$(TEST)/bin/python -m demo.picture

# Half an hour or so: not part of `make test`, which plants a sample only.
mutate: $(TEST)/.ready
	mkdir -p docs/reference/law
	$(TEST)/bin/optam mutate $(MUTATED) --budget 300 --fail-under 95 --format markdown --output docs/reference/law/mutation.md

# No `--constraint` here: this is how constraints.txt is made. Run `make test` after it, and commit what changed.
constraints:
	$(PYTHON) -m venv --clear .venv-constraints
	.venv-constraints/bin/python -m pip install -qq hatchling setuptools '.[all,dev]'
	@echo '# Tested versions, written by `make constraints`.' > constraints.txt
	.venv-constraints/bin/python -m pip freeze --all --exclude pip --exclude optam-rules >> constraints.txt
	rm -rf .venv-constraints

clean:
	rm -rf .venv-* build dist demo-output .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(DEMO)/.ready: pyproject.toml constraints.txt
	$(call install,$(DEMO),.)
	@touch $@

$(TEST)/.ready: pyproject.toml constraints.txt
	$(call install,$(TEST),.[all$(comma)dev])
	@touch $@

$(BENCH)/.ready: pyproject.toml benchmarks/requirements.txt
	$(PYTHON) -m venv --clear $(BENCH)
	$(BENCH)/bin/python -m pip install -qq --requirement benchmarks/requirements.txt --editable .
	@touch $@

comma := ,
