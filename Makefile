# make demo    a shop with the bank picker, on a stand-in for Lean, at http://127.0.0.1:5000
# make test    lint, types and all tests
# make bench   lean-flask beside what people would write instead; writes docs/benchmarks.md
# make scale   up to 1,000 processes that share a Redis, simulated; writes its part of docs/scale.md
# make kill-workers   kills workers while 10,000 webhooks arrive; none may be lost (KILL= takes its options)
# make soak    an hour of traffic and faults in ten minutes; writes its part of docs/benchmarks.md
# make test-lowest    the tests on the lowest versions that pyproject.toml allows
# make test-newest    make test on the newest versions there are, in .venv-newest
# make static  bundles lean_flask/static/src into lean_flask/static/dist; commit both
# make lock    writes requirements-dev.lock anew, with the newest versions there are
# make pictures       takes the pictures of docs/images anew, in the fonts that phones have
# make fuzz    the property tests, with many more examples
# make coverage       which branches no test takes, on the terminal
# make docs    the documentation in build/docs, and a look at every link
# make audit   what lean-flask runs on, among the known vulnerabilities
# make check-pythons  the built package in an empty environment of each supported Python
# They do their own set-up; nothing but Python 3.11, make and a package manager is needed. make test and
# make static install Node.js, which checks and bundles the scripts; make demo needs none.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The versions that are installed; LOCK= (empty) takes the newest ones instead.
LOCK := requirements-dev.lock
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile $(if $(LOCK),--constraint $(LOCK))
DEMO_INSTALLED := $(VENV)/.demo-installed
INSTALLED := $(VENV)/.installed
DOCS_INSTALLED := $(VENV)/.docs-installed
LOWEST := .venv-lowest
NODE_INSTALLED := node_modules/.installed
# The tests start hundreds of processes; without bytecode each would compile all that it imports.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test pictures bench scale kill-workers soak test-lowest test-newest lock fuzz coverage docs audit lint check-pythons clean \
	chromium firefox webkit fonts redis postgres deploy-tools translations openapi static

demo: $(DEMO_INSTALLED)
	$(BIN)/python example_app.py

test: lint chromium firefox webkit fonts redis postgres deploy-tools
	@echo "==> Running the tests, three at a time: many wait for something"
	$(BIN)/python -m pytest -n 3

fuzz: $(INSTALLED)
	@echo "==> Looking for inputs that break something, for some minutes"
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile fuzz

coverage: $(INSTALLED) chromium firefox webkit fonts redis postgres deploy-tools
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 3
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

pictures: $(INSTALLED) chromium fonts
	@echo "==> Taking a picture of every state in both languages (about four minutes)"
	$(BIN)/python tools/pictures.py

check-pythons: $(INSTALLED)
	$(BIN)/python tools/check_pythons.py

bench: $(VENV)/.bench chromium
	@sh tools/system-package.sh wrk wrk
	@echo "==> Measuring (about ten minutes; BENCH=--quick for a first impression)"
	$(BIN)/python -m benchmarks $(BENCH)

scale: $(INSTALLED) redis
	@echo "==> Simulating processes (about four minutes; SCALE=--help lists options)"
	$(BIN)/python -m benchmarks.scale --write $(SCALE)

kill-workers: $(INSTALLED) redis
	@echo "==> Killing workers while webhooks arrive (about six minutes; KILL=--help lists options)"
	$(BIN)/python -m benchmarks.killed_workers $(KILL)

soak: $(INSTALLED) redis
	@echo "==> Looking for what grows (ten minutes; SOAK=--help lists options)"
	$(BIN)/python -m benchmarks.soak --write $(SOAK)

# The browsers, the cluster and the wheel have their turn in make test.
test-lowest: $(INSTALLED) redis postgres
	@echo "==> Making a virtual environment with the lowest versions in $(LOWEST)"
	@$(PYTHON) -m venv --clear $(LOWEST)
	@$(BIN)/python tools/lowest.py > $(LOWEST)/constraints.txt && cat $(LOWEST)/constraints.txt
	@$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile \
		--constraint $(LOWEST)/constraints.txt --editable . --group dev
	@echo "==> Running the tests on them"
	$(LOWEST)/bin/python -m pytest -n 3 -m "not browser" --ignore tests/cluster --ignore tests/deploy --ignore tests/engines --ignore tests/packaging --ignore tests/clients

docs: $(DOCS_INSTALLED)
	@echo "==> Building the documentation; a warning is an error"
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b dirhtml docs build/docs
	@echo "==> Following the links"
	@$(BIN)/python tools/links.py
	@echo "Open build/docs/index.html"

audit: $(INSTALLED)
	@echo "==> Looking up the dependencies among the known vulnerabilities"
	@$(BIN)/python tools/audit.py

lint: $(INSTALLED) $(NODE_INSTALLED)
	@echo "==> Checking style and types"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/djlint --lint --quiet lean_flask/templates templates examples deploy
	npm run --silent lint

$(DEMO_INSTALLED): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "==> Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "==> Installing lean-flask and what it needs from PyPI"
	@$(INSTALL) --editable .
	@touch $@

# pip reads dependency groups from 25.1 on; the pip that comes with Python 3.11 is older.
$(INSTALLED): $(DEMO_INSTALLED)
	@echo "==> Installing the development tools from PyPI (a minute or two)"
	@$(INSTALL) --upgrade pip
	@$(INSTALL) --group dev --group engines
	@touch $@

$(VENV)/.bench: $(INSTALLED)
	@echo "==> Installing what lean-flask is measured against"
	@$(INSTALL) --group bench
	@touch $@

$(DOCS_INSTALLED): $(INSTALLED)
	@echo "==> Installing what builds the documentation"
	@$(INSTALL) --group docs
	@touch $@

test-newest:
	@$(MAKE) test VENV=.venv-newest LOCK=

lock: $(INSTALLED)
	@echo "==> Asking PyPI for the newest versions"
	@$(BIN)/python tools/lock.py requirements-dev.lock

chromium:
	@any="chromium-headless-shell chromium chromium-browser google-chrome"; \
	sh tools/system-package.sh "$$any" chromium-headless-shell 2>/dev/null \
		|| sh tools/system-package.sh "$$any" chromium

firefox:
	@sh tools/system-package.sh "firefox-esr firefox" firefox-esr 2>/dev/null \
		|| sh tools/system-package.sh "firefox-esr firefox" firefox \
		|| echo "==> No Firefox here: the tests in it are skipped"

# The bindings are for the Python of the system; no command tells whether they are there.
webkit:
	@sh tools/system-package.sh Xvfb xvfb \
		&& sh tools/system-package.sh WebKitWebDriver webkit2gtk-driver \
		&& { /usr/bin/python3 -c "import gi; gi.require_version('WebKit2', '4.1')" 2>/dev/null \
			|| { sh tools/system-package.sh "" python3-gi && sh tools/system-package.sh "" gir1.2-webkit2-4.1; }; } \
		|| echo "==> No WebKit here: the tests in it are skipped"

# As on a phone; without them, letters are drawn that no customer sees.
fonts:
	@for font in "Noto Sans Arabic=fonts-noto-core" "Inter=fonts-inter"; do \
		fc-list : family 2>/dev/null | grep -q "^$${font%=*}" \
			|| sh tools/system-package.sh "" "$${font#*=}" \
			|| echo "==> No $${font%=*} here: pictures have another font"; \
	done

redis:
	@sh tools/system-package.sh redis-server redis-server
	@sh tools/system-package.sh valkey-server valkey-server \
		|| echo "==> No Valkey here: the tests on it are skipped"

# Debian keeps the server's programs beside the PATH. PgBouncer is for the tests of it alone.
postgres:
	@sh tools/system-package.sh "initdb /usr/lib/postgresql/*/bin/initdb" postgresql
	@sh tools/system-package.sh "pgbouncer /usr/sbin/pgbouncer" pgbouncer

# What the files below deploy/ are run and checked with.
deploy-tools:
	@sh tools/system-package.sh "nginx /usr/sbin/nginx" nginx
	@sh tools/system-package.sh systemd-analyze systemd
	@sh tools/system-package.sh promtool prometheus

static: $(NODE_INSTALLED)
	npm run --silent build

$(NODE_INSTALLED): package-lock.json
	@sh tools/system-package.sh node nodejs
	@sh tools/system-package.sh npm npm
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
		|| { echo "Node.js 20.19 or newer is needed to check and build the scripts; this is $$(node --version)"; exit 1; }
	@echo "==> Installing what checks and bundles the scripts from npm"
	@npm ci --silent
	@touch $@

openapi: $(INSTALLED)
	$(BIN)/python tools/openapi.py

translations: $(INSTALLED)
	$(BIN)/pybabel extract -F babel.cfg --omit-header --add-location=file -o lean_flask/translations/lean_flask.pot .
	$(BIN)/pybabel update -D lean_flask -d lean_flask/translations -i lean_flask/translations/lean_flask.pot
	$(BIN)/pybabel compile -D lean_flask -d lean_flask/translations

clean:
	rm -rf node_modules $(VENV) $(LOWEST) .venv-newest build dist clients/js/dist examples/spa/dist instance .pytest_cache .mypy_cache .ruff_cache .hypothesis
