# make demo       18 variants on embedded data, no download (minutes)
# make test       lint, mathematics, configuration, planning, one small real run (minutes)
# make test-all   these, and the slow tests: kills, full disks, a real Slurm, a browser, real data
# make study      the real study; options CORES=4, MIRROR=folder-or-URL; another one: CONFIG=config/full.yaml
# make report     results/report.html, of a study that is done; CONFIG=config/demo.yaml: of the demo
# make benchmark  speed against plain trainings and the machine's limit (10 minutes, or one turn of all)
# make help       this list; of the workflow itself: snakemake --list
# make env        only the environment, .venv: then `. .venv/bin/activate`; with test tools: make test-env

PYTHON ?= python3
CORES ?= 2
MIRROR ?=
CONFIG ?=
$(foreach file,$(CONFIG),$(if $(wildcard $(file)),,$(error CONFIG: there is no file $(file))))
# Where the configuration has its results; of several files the last one that says it counts.
FOLDER = $(shell sed -n 's/^results: *\([^ ]*\).*/\1/p' config/config.yaml $(CONFIG) | tail -n 1)
OPTIONS = $(if $(CONFIG),--configfile $(CONFIG)) $(if $(MIRROR),--config 'data={mirror: "$(MIRROR)"}')
# On a terminal: what runs and what is done, a bar for each rule.
PROGRESS := $(shell test -t 2 && echo --logger rich)

export VIRTUAL_ENV := $(CURDIR)/.venv
export PATH := $(VIRTUAL_ENV)/bin:$(PATH)

.PHONY: help env test-env demo study report lint test test-all benchmark

help:
	@sed -n 's/^# make/make/p' Makefile

env: .venv/complete

.venv/complete: requirements.txt envs/uv.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("error: Python 3.11 or newer is needed; say which: make env PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r envs/uv.txt
	.venv/bin/uv pip sync --quiet --require-hashes --compile-bytecode requirements.txt
	touch $@

test-env: .venv/complete-with-tests

# Those of requirements.txt, and the test tools.
.venv/complete-with-tests: .venv/complete requirements-test.txt
	.venv/bin/uv pip sync --quiet --require-hashes --compile-bytecode requirements-test.txt
	touch $@

demo: CONFIG = config/demo.yaml
demo study: env
	@last() { ls -t .snakemake/log/*.log 2> /dev/null | head -n 1; }; before=$$(last); \
	snakemake --cores $(CORES) $(PROGRESS) $(OPTIONS); status=$$?; \
	if [ $$status = 0 ]; then \
	    echo "Results: $(FOLDER)/summary.md. An HTML report of them: make report$(if $(word 2,$(CONFIG)), CONFIG='$(CONFIG)',$(CONFIG:%= CONFIG=%))"; \
	elif [ "$$(last)" != "$$before" ]; then \
	    sed -n 's/^ *log: \(.*\) (check log file.*/Failed; what went wrong: \1/p' "$$(last)" | sort -u; \
	fi; exit $$status

report: env
	snakemake --report $(FOLDER)/report.html $(OPTIONS)
	@echo "Report: $(FOLDER)/report.html"

lint: test-env
	ruff check .
	ruff format --check .
	snakefmt --check Snakefile rules workflow/Snakefile
	snakemake --lint

PYTEST = pytest --numprocesses $(CORES) --durations 10

test: lint
	$(PYTEST) -m "not slow"

# Those of a file in one process: they share a cluster, or trainings that nothing disturbs.
test-all: test
	$(PYTEST) -m slow --dist loadfile

benchmark: env
	snakemake --cores $(CORES) --configfile config/demo.yaml -- resources/embedded/mnist.npz resources/embedded/omniglot.npz
	python benchmarks/training.py
