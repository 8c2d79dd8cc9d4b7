# make demo       all 18 variants on embedded data, no download (minutes)
# make test       lint and tests, CORES at a time
# make study      the real study; options CORES=4, MIRROR=folder-or-URL
# make report     results/report.html, of a study that is done
# make benchmark  speed against plain trainings and the machine's limit (10 minutes)
# make env        only the environment, .venv: then `. .venv/bin/activate`

PYTHON ?= python3
CORES ?= 2
MIRROR ?=
# On a terminal: what runs and what is done, a bar for each rule.
PROGRESS := $(shell test -t 2 && echo --logger rich)

export VIRTUAL_ENV := $(CURDIR)/.venv
export PATH := $(VIRTUAL_ENV)/bin:$(PATH)

.PHONY: help env demo study report test benchmark

help:
	@sed -n 's/^# make/make/p' Makefile

env: .venv/complete

.venv/complete: requirements.txt envs/uv.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("error: Python 3.11 or newer is needed; say which: make env PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r envs/uv.txt
	.venv/bin/uv pip sync --quiet --require-hashes requirements.txt
	touch $@

demo: env
	snakemake --cores $(CORES) $(PROGRESS) --configfile config/demo.yaml

study: env
	snakemake --cores $(CORES) $(PROGRESS) $(if $(MIRROR),--config 'data={mirror: "$(MIRROR)"}')

report: env
	snakemake --report results/report.html $(if $(MIRROR),--config 'data={mirror: "$(MIRROR)"}')

test: env
	ruff check .
	ruff format --check .
	snakefmt --check Snakefile rules workflow/Snakefile
	snakemake --lint
	pytest --numprocesses $(CORES) --dist loadfile --no-loadscope-reorder

benchmark: env
	snakemake --cores $(CORES) --configfile config/demo.yaml -- resources/embedded/mnist.npz resources/embedded/omniglot.npz
	python benchmarks/training.py
