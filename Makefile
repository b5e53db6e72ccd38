# Everything a fresh machine needs is Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint format bench quality real lock clean help

help:
	@echo "make demo   crawl, clean, score and report the embedded world (no key, no network)"
	@echo "make test   every test"
	@echo "make lint   format, ruff, mypy --strict, import-linter"
	@echo "make bench  speed, as ratios against a peer in the same run"
	@echo "make quality precision and recall of the cleaning, beside a peer"
	@echo "make real   the main job on real data: CCGCII_REAL_DATA=../shared make real"
	@echo "make lock   pin the newest versions into constraints.txt"

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT= $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

demo: $(STAMP)
	$(BIN)/python examples/demo.py

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

quality: $(STAMP)
	$(BIN)/python -m benchmarks.quality.run

real: $(STAMP)
	$(BIN)/python examples/real_data.py "$(or $(CCGCII_REAL_DATA),../shared)"

# --no-emit-index-url: no file of this project names a registry's address.
lock:
	$(PYTHON) -m venv .lock && .lock/bin/pip install --quiet uv
	.lock/bin/uv pip compile --quiet --upgrade --all-extras --universal --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o constraints.txt
	rm -rf .lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .import_linter_cache
