# 中枢 Zhongshu. `make demo` runs the hub with the demo city; `make test` sets everything up and passes the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SIZE ?= small
# Processes that the tests are shared among, a file always whole; each computes on one core.
JOBS ?= 2
export ZHONGSHU_HOME ?= $(CURDIR)/var

.DEFAULT_GOAL := test
.PHONY: setup demo test lint types contract check test-quiet clean-demo bench screenshots help

help: ## list the verbs
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: $(VENV)/.stamp-python $(VENV)/.stamp-front ## virtual environment, packages, front end

$(VENV)/.stamp-python: pyproject.toml constraints.txt scripts/make_venv.py
	@echo "[1/2] 安装 Python 包 · installing Python packages"
	@$(PYTHON) scripts/make_venv.py $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(VENV)/.stamp-front: $(VENV)/.stamp-python FORCE
	@echo "[2/2] 构建前端 · building the front end"
	@$(BIN)/python -m scripts.build_front
	@touch $@

FORCE:

demo: setup ## run the hub with the demo city (SIZE=small or city)
	@$(BIN)/zhongshu demo --size $(SIZE)

clean-demo: ## forget the demo's data
	@if [ -x $(BIN)/zhongshu ]; then $(BIN)/zhongshu demo --forget; fi

test: setup lint contract ## lint, types, import contract, all tests
	@$(MAKE) --no-print-directory --jobs=2 types check

lint:
	@echo "代码检查 · lint"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: # has only what the tests beside it leave: they wait for browsers and disks often enough
	@echo "类型检查 · types"
	@nice $(BIN)/python -m mypy --no-error-summary zhongshu

contract:
	@echo "导入约定 · import contract"
	@$(BIN)/lint-imports --no-cache > $(VENV)/contract.txt || (cat $(VENV)/contract.txt; exit 1)

check:
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not quiet"

test-quiet: setup ## the tests that need the machine for themselves, one after the other
	@$(BIN)/python -m pytest -m quiet

screenshots: setup ## take the pictures of the documentation from the demo
	@$(BIN)/python -m scripts.screenshots
