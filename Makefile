# Safelight: `make` lists the tasks. Each says what it does; CI runs the same `make test`.
VENV ?= .venv
PY := $(VENV)/bin/python
BUNDLE ?= model/safelight/bundle
CORPORA ?=
WORK ?= build
export VENV PYTHON TORCH_INDEX

.DEFAULT_GOAL := help
SDK := mobile_demo/sdk
APP := mobile_demo/app
RELAY := mobile_demo/relay
PORT ?= 8080
WITH_NODE := PATH="$(abspath $(VENV))/bin:$$PATH" ONNXRUNTIME_NODE_INSTALL=skip PYTHON_OF_SAFELIGHT="$(abspath $(PY))"
RELEASE := PYTHONPATH=tools $(PY) -m release
NPM := $(WITH_NODE) npm --prefix $(SDK)

.PHONY: help demo test environment environment-dev lint types unit sdk test-sdk parity-wasm app test-app measure-app pictures vectors report-check audit audit-check recipe stages retrain smoke report peers benchmark soak mutants release check-release licences readiness clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: environment ## set up the runtime and replay two sample chats with the shipped weights
	@$(VENV)/bin/safelight demo

test: environment-dev ## install the dev extras and run everything that CI runs
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory -j 2 types vectors audit-check report-check
	@$(MAKE) --no-print-directory unit test-sdk test-app

environment: ## the runtime's environment alone (no torch)
	@tools/environment.sh runtime

environment-dev: ## the environment of training, export and tests
	@tools/environment.sh dev

lint: environment-dev ## ruff: style, banned imports, format
	@echo "== ruff"
	@$(VENV)/bin/ruff check --no-cache .
	@$(VENV)/bin/ruff format --no-cache --check .

types: environment-dev ## mypy, strict, on the runtime and the export
	@echo "== mypy"
	@$(VENV)/bin/mypy

unit: environment-dev ## all tests
	@echo "== pytest"
	@env -u CI OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadfile

mobile_demo/%/node_modules/.package-lock.json: mobile_demo/%/package-lock.json
	@echo "== packages of $*"
	@$(WITH_NODE) npm --prefix mobile_demo/$* ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

sdk: environment-dev $(SDK)/node_modules/.package-lock.json ## build the TypeScript package (mobile_demo/sdk) and show its size
	@echo "== SDK"
	@$(NPM) run --silent build

test-sdk: sdk ## the SDK's types, and its tests in Node.js and in a real Chromium
	@echo "== SDK: types and tests"
	@$(NPM) run --silent check
	@$(NPM) run --silent test

parity-wasm: sdk ## ten thousand decisions here and in WebAssembly, to docs/evaluation/wasm.md
	@SAFELIGHT_ANSWERS=build/sdk_long $(PY) -m pytest -q tests/sdk/write_long.py
	@$(NPM) run --silent parity-wasm

APP_PACKAGES := $(foreach part,$(SDK) $(RELAY) $(APP),$(part)/node_modules/.package-lock.json)

environment-app:
	@tools/environment.sh app

app: environment-app $(APP_PACKAGES) ## the encrypted chat and its relay, at an address that it prints (PORT=8080)
	@$(NPM) run --silent build
	@$(WITH_NODE) npm --prefix $(APP) run --silent build
	@$(VENV)/bin/node $(APP)/server/main.ts $(PORT) $(WORK)/relay/relay.log

test-app: sdk $(APP_PACKAGES) ## the relay, and the app in Node.js and in a real Chromium
	@echo "== relay: types and tests"
	@$(WITH_NODE) npm --prefix $(RELAY) run --silent check
	@$(WITH_NODE) npm --prefix $(RELAY) run --silent test
	@echo "== app: types and tests"
	@$(WITH_NODE) npm --prefix $(APP) run --silent check
	@$(WITH_NODE) npm --prefix $(APP) run --silent test

measure-app: sdk $(APP_PACKAGES) ## size and speed of the app in Chromium, to docs/benchmarks/mobile
	@$(WITH_NODE) npm --prefix $(APP) run --silent measure

pictures: sdk $(APP_PACKAGES) ## README's pictures (docs/pictures) and lines of figures, of the shipped bundle and its report
	@$(WITH_NODE) npm --prefix $(APP) run --silent build
	@$(PY) tools/pictures.py

vectors: environment-dev ## golden vectors are what this code gives
	@echo "== golden vectors"
	@$(PY) tests/vectors/make_vectors.py --check

report-check: environment-dev ## the committed reports are what the shipped bundle gives, or measured on its model
	@echo "== evaluation report"
	@OMP_NUM_THREADS=1 $(PY) -m safelight_training evaluate $(BUNDLE) --check
	@$(PY) -m safelight_training independent shipped=$(BUNDLE) --check
	@$(PY) -m safelight_training final $(BUNDLE) --check
	@$(PY) -m safelight_training recontact --check
	@$(PY) -m safelight_training deletion $(BUNDLE) --check
	@$(RELEASE) readiness --check
	@$(PY) -m safelight_export benchmark $(BUNDLE) --check
	@$(PY) -m safelight_export parity $(BUNDLE) --check
	@$(PY) -m safelight_training stages --check
	@$(PY) tools/pictures.py --check

audit: environment-dev ## what the written data holds, to docs/data
	@OMP_NUM_THREADS=1 $(PY) -m safelight_training audit $(if $(CORPORA),--corpora $(CORPORA))
	@$(PY) -m safelight_training agreement

audit-check: environment-dev ## the committed audit and the agreement of readers are what the data gives
	@echo "== audit of the data"
	@OMP_NUM_THREADS=1 $(PY) -m safelight_training audit --check
	@$(PY) -m safelight_training agreement --check

given-%:
	@[ -n "$($*)" ] || { echo "safelight: make $(MAKECMDGOALS) needs $*=…; make help says what it is" >&2; exit 1; }

retrain: given-DATA given-KEY environment-dev ## a signed bundle on your own labelled chats (DATA=file KEY=file [CORPORA=folder LANGUAGE=code CROSSFIT=N])
	@$(PY) -m safelight_training recipe --work $(WORK)/retrain --data $(DATA) --sign $(KEY) \
	  $(if $(LANGUAGE),--language $(LANGUAGE)) $(if $(CORPORA),--corpora $(CORPORA)) \
	  $(if $(CROSSFIT),--crossfit $(CROSSFIT))

smoke: environment-dev ## the whole recipe in small, from data to bundle
	@$(PY) -m safelight_training recipe --smoke --work $(WORK)/smoke

recipe: environment-dev ## the full recipe ([CORPORA=folder of real benign chats CROSSFIT=N])
	@$(PY) -m safelight_training recipe --work $(WORK)/recipe $(if $(CORPORA),--corpora $(CORPORA)) \
	  $(if $(CROSSFIT),--crossfit $(CROSSFIT))

stages: environment-dev ## time and memory of each stage of the last `make recipe`, to docs/benchmarks
	@$(PY) -m safelight_training stages $(WORK)/recipe

report: environment-dev ## measure the shipped bundle and write docs/evaluation
	@$(PY) -m safelight_training evaluate $(BUNDLE) $(if $(CORPORA),--corpora $(CORPORA))

peers: given-CORPORA environment-dev ## what others do, trained and judged beside the shipped bundle (CORPORA=folder)
	@$(PY) -m safelight_training peers $(BUNDLE) --corpora $(CORPORA)

benchmark: environment-dev ## size and speed of the shipped bundle, alone and beside peers, to docs/benchmarks (2 GB of disk)
	@OMP_NUM_THREADS=1 $(PY) -m safelight_export benchmark $(BUNDLE) --work $(WORK)/benchmark

mutants: environment-dev ## break each requirement once and see its test fail
	@$(PY) tools/break_once.py

soak: environment ## a million hostile texts and 100,000 damaged exports (COUNT=n for fewer texts)
	@OMP_NUM_THREADS=1 $(PY) tools/soak.py $(if $(COUNT),--count $(COUNT))

release: environment-dev ## wheel, sdist, npm package and their bills of materials, to dist/
	@$(RELEASE) build

check-release: environment-dev ## what is in dist/: same bytes twice, licences, bare Pythons and Node.js (network, half an hour)
	@$(RELEASE) check

licences: environment-dev ## the licence of every dependency is one that we take
	@$(RELEASE) licences

readiness: environment-dev ## each ONNX Runtime of the range and the shipped model, to docs/benchmarks (after make release)
	@$(RELEASE) readiness

clean: ## remove what was built and installed
	rm -rf $(VENV) $(WORK) dist
