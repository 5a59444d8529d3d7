# The newsroom's commands. Each is a few plain ones underneath; README.md names those too.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
DEMO := SECRET_KEY=demonstration-only-and-public DEBUG=off DATABASE_URL=sqlite:///$(CURDIR)/demo.sqlite3 \
	MEDIA_ROOT=$(CURDIR)/media/demo SITE_URL=http://127.0.0.1:$(PORT) EMAIL_URL=consolemail://
WORKERS ?= 2
# Where the paper stands in test-zones, and which tests go there.
ZONES ?= Pacific/Auckland America/Los_Angeles
ZONED ?= and days
# Several targets at once; what each prints comes when it is through.
ABREAST := --no-print-directory --jobs=$(WORKERS) --output-sync=target
PYTEST_RUN := -m pytest -n $(WORKERS) --dist loadgroup -rs
# Where less than everything runs: on PostgreSQL what has SQL, locks or guards of its own (marked `engines`), on Django 6
# the ground floor, the readers' pages, and of the desk its lists and the story's form.
ON_POSTGRESQL := -m engines
ON_DJANGO_6 := tests/newsroom tests/site tests/desk/test_lists.py tests/desk/test_story_form.py -m "not browser and not slow and not engines"
POSTGRESQL = $$($(PYTHON) tests/services.py postgresql)
NO_POSTGRESQL := Skipped: PostgreSQL, since none answers on 127.0.0.1:5432.
export PYTHONWARNINGS ?= default::DeprecationWarning:newsroom

.DEFAULT_GOAL := help
.PHONY: help demo demo-build run test test-all test-sqlite test-postgresql test-django-6 test-django-6-postgresql \
	test-zones test-quick check format clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | column -t -s "$$(printf '\t')"

$(BIN)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(BIN)/.installed-dev: $(BIN)/.installed requirements-dev.txt requirements-scale.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

demo: demo-build  ## a demonstration newspaper on http://127.0.0.1:8000
	@$(DEMO) $(BIN)/python manage.py demo --logins
	@# Server and worker end together; a shell that waits hears at once that it is to end.
	@$(DEMO) $(BIN)/python manage.py worker & worker=$$!; \
	$(DEMO) $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers 2 \
		--blocking-threads 8 --respawn-failed-workers newsroom.wsgi:application & server=$$!; \
	trap 'trap - EXIT; kill $$worker $$server 2>/dev/null; wait' EXIT INT TERM; wait $$server

demo-build: $(BIN)/.installed
	$(DEMO) $(BIN)/python manage.py migrate --verbosity 0
	$(DEMO) $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@# The mails of years of moves would bury what it says.
	$(DEMO) EMAIL_URL=dummymail:// $(BIN)/python manage.py demo

# BENCH passes options: make bench BENCH="--rounds 5"
.PHONY: bench
bench: demo-build  ## how fast readers' pages are, measured on the demonstration
	$(DEMO) $(BIN)/python manage.py bench $(BENCH)

run: $(BIN)/.installed  ## your own newspaper, for development
	test -f .env || install -m 600 .env.example .env
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: test-sqlite test-zones test-postgresql test-django-6  ## what every change has to pass; says what it skipped and why

test-all: test-sqlite test-zones test-postgresql test-django-6 test-django-6-postgresql  ## everything on each engine, with Django 6 too, for a night
test-all: export EVERYTHING = yes
test-all: ON_POSTGRESQL :=
test-all: ZONED :=
test-all: ON_DJANGO_6 := -m "not browser"

test-sqlite: $(BIN)/.installed-dev
	@echo "== SQLite"
	$(BIN)/python $(PYTEST_RUN) $(PYTEST)

test-postgresql: $(BIN)/.installed-dev
	@url=$(POSTGRESQL); test -n "$$url" || { echo "$(NO_POSTGRESQL)"; exit 0; }; \
	echo "== PostgreSQL, its tables made by the migrations"; \
	DATABASE_URL=$$url $(BIN)/python $(PYTEST_RUN) --migrations $(ON_POSTGRESQL) $(PYTEST)

test-django-6: $(BIN)/.installed-dev
	.ci/django-6 $(PYTEST_RUN) $(ON_DJANGO_6) $(PYTEST)

test-django-6-postgresql: $(BIN)/.installed-dev  ## Django 6 on PostgreSQL, which only test-all asks for
	@url=$(POSTGRESQL); test -n "$$url" || { echo "$(NO_POSTGRESQL)"; exit 0; }; \
	DATABASE_URL=$$url .ci/django-6 $(PYTEST_RUN) --migrations $(ON_DJANGO_6) $(PYTEST)

# Few tests, so that starting is most of it: the zones run at once, each in one process.
test-zones: $(BIN)/.installed-dev  ## the tests about days where the day is not UTC's; ZONED= takes all of desk, articles and site
	@$(MAKE) $(ABREAST) $(ZONES:%=in-%) ZONED="$(ZONED)"

$(ZONES:%=in-%): in-%: $(BIN)/.installed-dev
	@echo "== the paper in $*"; TEST_ZONE=$* DATABASE_URL=sqlite:///$(CURDIR)/db.sqlite3 \
		$(BIN)/python -m pytest -rs -m "not browser and not slow $(ZONED)" tests/desk tests/articles tests/site $(PYTEST)

test-quick: $(BIN)/.installed-dev  ## the tests without browser and without the slow ones, on SQLite
	$(BIN)/python $(PYTEST_RUN) -q -m "not browser and not slow" $(PYTEST)

check: $(BIN)/.installed-dev  ## lint, formatting, migrations, deployment checks
	@$(MAKE) $(ABREAST) check-style check-database check-deployment check-rooms

check-style: $(BIN)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $$(find templates -name '*.html')
	$(BIN)/djlint --quiet --lint --rules .djlint_rules.yaml templates

check-database: $(BIN)/.installed-dev
	$(DEMO) $(BIN)/python manage.py makemigrations --check --dry-run
	@# Tests make their tables from the models, which is quicker; that the migrations make them too is seen here.
	$(DEMO) DATABASE_URL=sqlite:///:memory: $(BIN)/python manage.py migrate --verbosity 0

check-deployment: $(BIN)/.installed-dev
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') DEBUG=off \
		FIELD_KEYS=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
		SITE_URL=https://paper.example DATABASE_URL=sqlite:///:memory: EMAIL_URL=smtp://mail.paper.example:25 \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

check-rooms: $(BIN)/.installed-dev
	$(BIN)/python -m pytest -q tests/test_rooms.py tests/test_days.py

format: $(BIN)/.installed-dev  ## tidy the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(find templates -name '*.html')

clean:  ## throw the demonstration away
	rm -rf demo.sqlite3* media/demo staticfiles
