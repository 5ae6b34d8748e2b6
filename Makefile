PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: test
test: $(VENV)/ready
	$(RUN) -m pytest

# uv when it is there, the standard library's venv and pip otherwise.
$(VENV)/ready: pyproject.toml
	if command -v uv >/dev/null; then uv venv -q --clear $(VENV) && uv pip install -q --python $(RUN) -e '.[test]'; \
	else $(PYTHON) -m venv --clear $(VENV) && $(RUN) -m pip install -q -e '.[test]'; fi
	touch $@
