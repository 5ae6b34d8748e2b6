# Two commands set everything up: 'make demo' and 'make test'. The rest is for those who change the code; 'make check'
# is what they run most: style, types and all tests that need no server, no browser and no patience.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo check test docs bench nightly clean-room release lock clean

demo: $(VENV)/installed
	$(BIN)/kg build dart
	$(BIN)/kg ask --study dart "what supports transparency"
	$(BIN)/kg trace --study dart P23

check: $(VENV)/tested
	$(style)
	$(types)
	$(pytest) -m "not slow"

test: $(VENV)/tested $(VENV)/servers/ready
	sh tests/browser/fetch.sh $(VENV)/apt.log
	$(style)
	$(types)
	$(pytest)

# The docs as a site, in build/docs: open its index.html, or put the folder on any web host.
docs: $(VENV)/tested
	$(BIN)/python docs/reference.py
	$(BIN)/python -m mkdocs build

style = $(BIN)/ruff check . && $(BIN)/ruff format --check .

# A process for each processor; tests of one group stay in one process, and with them the server that they share.
pytest = $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

# In a checkout the loaders lie beside the package that they belong to, which only a running Python is told.
types = rm -rf $(VENV)/types/kg && mkdir -p $(VENV)/types && cp -Rp kg loaders $(VENV)/types && \
	mv $(VENV)/types/loaders $(VENV)/types/kg && cd $(VENV)/types && ../bin/mypy --config-file ../../pyproject.toml kg

bench: $(VENV)/tested $(VENV)/servers/ready
	$(BIN)/python bench/run.py
	$(BIN)/python bench/asking.py
	$(BIN)/python bench/engines.py
	$(BIN)/python bench/browse.py
	$(BIN)/python bench/coding.py
	$(BIN)/python bench/exchange.py
	$(BIN)/python bench/linear.py

# Try every property with twenty times as many examples, then fuzz every importer for ten minutes each; what crashes
# one is written to crash-… and ends it.
nightly: $(VENV)/tested $(VENV)/servers/ready
	NIGHTLY=1 $(pytest) -m hypothesis
	$(install) atheris
	set -e; for form in $$($(BIN)/python -c "import sys; sys.path[:0] = ['tests', 'tests/fuzz']; import seeds; print(*seeds.SEEDS)"); \
	do $(BIN)/python tests/fuzz/fuzz_imports.py $$form -max_total_time=600; done

# Build the wheel and the sdist twice, install each where nothing else is, and ask from there.
clean-room: $(VENV)/tested
	PYTHON=$(BIN)/python sh tests/clean_room.sh

# Make what a person publishes, in dist/: docs/releasing.md. Its tools live by themselves.
release: $(VENV)/release/ready
	$(VENV)/release/bin/python release/release.py

$(VENV)/release/ready: locked-release.txt
	$(PYTHON) -m venv --clear $(VENV)/release
	$(VENV)/release/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r locked-release.txt
	touch $@

# uv when it is there, the standard library's venv and pip otherwise. Packages are those of the locked files, by
# their hashes, which are all that is needed: pip would refuse what pyproject.toml overrides. Then the checkout itself.
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
make_venv = uv venv -q --clear --python $(PYTHON) $(VENV)
install = uv pip install -q --python $(BIN)/python
else
make_venv = $(PYTHON) -m venv --clear $(VENV)
install = $(BIN)/python -m pip install -q --disable-pip-version-check
endif

$(VENV)/installed: pyproject.toml locked.txt
	$(make_venv)
	$(install) --no-deps --require-hashes -r locked.txt
	$(install) --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/tested: $(VENV)/installed locked-test.txt
	$(install) --no-deps --require-hashes -r locked-test.txt
	touch $@

# The real servers of the tests; made again until they are all there.
$(VENV)/servers/ready: tests/servers/fetch.sh tests/servers/pom.xml | $(VENV)/tested
	sh tests/servers/fetch.sh $(VENV)/servers

# Lock all that the tests need, and of that what the tool itself needs, for every Python and platform that we support.
# Versions stay where they fit; 'make lock UPGRADE=--upgrade' chooses the newest.
lock = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)
lock_of = $(lock) --group editable pyproject.toml
lock:
	$(lock_of) --all-extras --group docs -o locked-test.txt
	$(lock_of) -c locked-test.txt -o locked.txt
	$(lock) -c locked.txt --group release -o locked-release.txt

clean:
	rm -rf $(VENV) dist build
