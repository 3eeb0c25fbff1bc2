# Everything a person or a machine does here. `make` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

GO ?= go
NPM := npm --prefix web
CLIENT_NPM := npm --prefix clients/typescript
# Set by testdata/images/prepare: the images that tests with real servers use.
IMAGES := bin/test-images.env
# Fails the target with a sentence where a tool is missing that nothing here installs.
need = @command -v $(1) >/dev/null || { echo "$(2)"; exit 1; }

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

##@ Use

.PHONY: run
run: build ## build everything, then serve the page and the API on one file: http://localhost:8080
	@echo "Serving http://localhost:$${PORT:-8080} (Ctrl-C stops it)"
	@LOG_FORMAT=$${LOG_FORMAT:-text} exec bin/api

.PHONY: build
build: programs ## build the page and the programs into bin/

# The api program has the page in it.
.PHONY: programs
programs: page
	$(call need,$(GO),Go 1.26 or newer is needed: https://go.dev/dl/)
	@echo "Building bin/api and bin/worker"
	@$(GO) build -o bin/ ./cmd/api ./cmd/worker

.PHONY: page
page: web/dist/index.html

# Built anew only when something it is made of has changed.
PAGE_SOURCES := $(shell find web/src web/public clients/typescript/src -type f 2>/dev/null) web/index.html web/vite.config.ts web/package-lock.json
web/dist/index.html: $(PAGE_SOURCES) web/node_modules/.package-lock.json
	@echo "Building the page"
	@$(NPM) run --silent build
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	$(call need,npm,Node.js 20.19 or newer with npm is needed: https://nodejs.org/)
	@echo "Installing what the page is built with"
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

clients/typescript/node_modules/.package-lock.json: clients/typescript/package-lock.json
	$(call need,npm,Node.js 20.19 or newer with npm is needed: https://nodejs.org/)
	@echo "Installing what the client for TypeScript is built with"
	@$(CLIENT_NPM) ci --silent --no-audit --no-fund
	@touch $@

tools/redocly/node_modules/.package-lock.json: tools/redocly/package-lock.json
	$(call need,npm,Node.js 20.19 or newer with npm is needed: https://nodejs.org/)
	@echo "Installing what the OpenAPI document is checked with"
	@npm --prefix tools/redocly ci --silent --no-audit --no-fund
	@touch $@

##@ Check

.PHONY: test
test: check-generated lint test-go test-clients test-web test-browser test-containers ## check everything: generated files, style, Go with the race detector, the clients, the page, a browser, the containers
	@echo "All checks passed"

.PHONY: test-go
test-go: $(IMAGES) bin/golangci-lint compiler ## test the Go code with the race detector, on real Postgres and Redis
	@echo "Testing the house rules"
	@$(GO) -C tools test ./...
	@echo "Testing the way to AWS"
	@$(GO) -C tools/delivery test -count 1 ./...
	@$(GO) -C tools/compose test -count 1 ./...
	@echo "Testing the Go code"
	@set -a; source $(IMAGES); set +a; $(GO) test -race -vet=off -timeout 15m $(GO_TESTS)
	@echo "Testing the promises on the real programs and servers; the figures measured are below"
	@set -a; source $(IMAGES); set +a; $(GO) test -race -vet=off -count 1 -timeout 15m -v -parallel 3 ./cmd/internal/systemtest | grep --line-buffered -vE '^=== |^ *--- PASS'

# The promises are measured with nothing else going on.
GO_TESTS = $(shell $(GO) list ./... | grep -vE '/(systemtest|nginx|containers/?.*)$$')

.PHONY: test-clients
test-clients: programs compiler clients/typescript/node_modules/.package-lock.json ## test the clients for Go and TypeScript against the real program
	@echo "Looking for changes that break clients"
	@$(GO) -C tools/openapi test -count 1 ./...
	@echo "Testing the client for Go"
	@PISANO_BIN=$(CURDIR)/bin/api $(GO) -C clients/go test -count 1 -race ./...
	@echo "Testing the client for TypeScript"
	@PISANO_BIN=$(CURDIR)/bin/api $(CLIENT_NPM) run --silent test

.PHONY: test-web
test-web: web/node_modules/.package-lock.json ## test the page's parts
	@echo "Testing the page"
	@$(NPM) run --silent test

.PHONY: test-browser
test-browser: build chromium ## test the whole program in headless Chromium
	@echo "Testing in the browser"
	@$(NPM) run --silent e2e

.PHONY: test-containers
test-containers: $(IMAGES) compiler chromium zip compose web/node_modules/.package-lock.json ## test the images, nginx, the stacks of Compose and what Elastic Beanstalk starts
	@set -a; source $(IMAGES); set +a; export PISANO_TAG=test PISANO_BUILD_FLAGS="--network host"; $(MAKE) images; \
	 echo "Testing the containers; the figures measured are below"; \
	 $(GO) test -race -vet=off -count 1 -timeout 20m -v -p 1 ./nginx ./internal/containers/... | grep --line-buffered -vE '^=== |^ *--- PASS'

.PHONY: lint
# Of the main module golangci-lint vets everything, tests included.
lint: bin/golangci-lint tools/redocly/node_modules/.package-lock.json web/node_modules/.package-lock.json clients/typescript/node_modules/.package-lock.json ## check style, who may import whom, and the OpenAPI document
	@echo "Checking style"
	@for module in $(OTHER_MODULES); do $(GO) -C $$module vet ./...; done
	@bin/golangci-lint run ./...
	@cd clients/go && ../../bin/golangci-lint run ./...
	@$(NPM) run --silent lint
	@$(CLIENT_NPM) run --silent lint
	@echo "Checking the OpenAPI document"
	@report=$$(REDOCLY_TELEMETRY=off npm --prefix tools/redocly run --silent lint 2>&1) || { echo "$$report"; exit 1; }

OTHER_MODULES := tools tools/openapi tools/delivery tools/compose clients/go

.PHONY: fuzz
fuzz: ## fuzz multiplication, the stored form and slices, a minute each
	@for target in FuzzMul FuzzLoad FuzzSlice; do \
	 $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime 60s -fuzzminimizetime 2s ./core/decimal; done

.PHONY: bench
bench: ## run the Go benchmarks
	@$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-engine
bench-engine: ## compare the engine with GMP and math/big, from 10^2 to 10^8
	@$(call install,/usr/bin/cc /usr/bin/gcc,gcc libc6-dev)
	@$(call install,/usr/include/gmp.h /usr/include/x86_64-linux-gnu/gmp.h,libgmp-dev)
	@$(GO) -C testdata/bench run .

##@ Change

.PHONY: generate
generate: clients/typescript/node_modules/.package-lock.json ## write anew what is generated: openapi.yaml, its page and the clients
	@mkdir -p bin
	@$(GO) run ./cmd/internal/openapi > bin/openapi.yaml && mv bin/openapi.yaml openapi.yaml
	@$(GO) run ./cmd/internal/openapi page > bin/docs.html && mv bin/docs.html adapters/httpapi/docs.html
	@$(GO) -C clients/go generate
	@$(CLIENT_NPM) run --silent generate

GENERATED := openapi.yaml adapters/httpapi/docs.html clients/go/generated.go clients/typescript/src/schema.ts

.PHONY: check-generated
check-generated: ## fail if a generated file is not what `make generate` would write
	@echo "Checking generated files"
	@before=$$(sha256sum $(GENERATED)); $(MAKE) generate; after=$$(sha256sum $(GENERATED)); \
	 [ "$$before" = "$$after" ] || { echo "Out of date; commit what make generate has written now:"; diff <(echo "$$before") <(echo "$$after") | sed -n 's/^> [0-9a-f]*/ /p'; exit 1; }

.PHONY: format
format: bin/golangci-lint web/node_modules/.package-lock.json clients/typescript/node_modules/.package-lock.json ## mend what can be mended by itself
	@bin/golangci-lint fmt ./...
	@cd clients/go && ../../bin/golangci-lint fmt ./...
	@$(NPM) run --silent format
	@$(CLIENT_NPM) run --silent format

.PHONY: clean
clean: ## remove what was built
	@rm -rf bin web/dist/* web/node_modules clients/typescript/dist clients/typescript/node_modules tools/redocly/node_modules

##@ What the above need

# The linter has a module of its own, so that its dependencies are not Pisano's.
bin/golangci-lint: tools/go.mod tools/go.sum
	@echo "Building the linter"
	@$(GO) -C tools build -o ../bin/ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

# A Docker engine and the images of Postgres and Redis.
$(IMAGES): FORCE
	@testdata/images/prepare

.PHONY: FORCE
FORCE:

# The race detector is C.
.PHONY: compiler
compiler:
	@$(call install,/usr/bin/cc /usr/bin/gcc,gcc libc6-dev)

# What goes to Elastic Beanstalk is zipped.
.PHONY: zip
zip:
	@$(call install,/usr/bin/zip,zip)

.PHONY: chromium
chromium:
	@$(call install,$${CHROMIUM:-/usr/bin/chromium},chromium)

include make/*.mk

# install FILES,PACKAGE: installs a Debian package unless one of the files is there.
define install
for file in $(1); do [ -e "$$file" ] && exit 0; done; \
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	echo "Installing $(2)"; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2) >/dev/null; \
else \
	echo "$(2) is needed: install it with your system's package manager."; exit 1; \
fi
endef
