# make demo    a shop with the bank picker, on a stand-in for Lean, at http://127.0.0.1:5000
# make test    lint, types and all tests
# make fuzz    the property tests, with many more examples
# make coverage       which branches no test takes, on the terminal
# make check-pythons  the built package in an empty environment of each supported Python
# They do their own set-up; nothing but Python 3.11, make and a package manager is needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo test fuzz coverage lint check-pythons clean chromium redis translations openapi

demo: $(INSTALLED)
	$(BIN)/python example_app.py

test: lint chromium redis
	@echo "==> Running the tests, two at a time"
	$(BIN)/python -m pytest -n 2 --dist loadgroup

fuzz: $(INSTALLED)
	@echo "==> Looking for inputs that break something, for some minutes"
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile fuzz

coverage: $(INSTALLED) chromium redis
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadgroup
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check-pythons: $(INSTALLED)
	$(BIN)/python tools/check_pythons.py

lint: $(INSTALLED)
	@echo "==> Checking style and types"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "==> Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "==> Installing lean-flask and its development tools from PyPI (a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

chromium:
	@any="chromium-headless-shell chromium chromium-browser google-chrome"; \
	sh tools/system-package.sh "$$any" chromium-headless-shell 2>/dev/null \
		|| sh tools/system-package.sh "$$any" chromium

redis:
	@sh tools/system-package.sh redis-server redis-server

openapi: $(INSTALLED)
	$(BIN)/python tools/openapi.py

translations: $(INSTALLED)
	@mkdir -p build
	$(BIN)/pybabel extract -F babel.cfg --omit-header -o build/lean_flask.pot .
	$(BIN)/pybabel update -D lean_flask -d lean_flask/translations -i build/lean_flask.pot
	$(BIN)/pybabel compile -D lean_flask -d lean_flask/translations

clean:
	rm -rf $(VENV) build dist instance .pytest_cache .mypy_cache .ruff_cache .hypothesis
