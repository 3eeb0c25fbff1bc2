# Everything a person or a machine does here. `make` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
ifeq ($(filter 4.% 5.%,$(MAKE_VERSION)),)
$(error GNU make 4 or newer is needed; this is $(MAKE_VERSION))
endif
MAKEFLAGS += --no-print-directory
# The steps of a target build upon each other, whatever -j says; what can be done side by side, make/stages does.
.NOTPARALLEL:

include make/environment.mk

GO ?= go
NPM := npm --prefix web
CLIENT_NPM := npm --prefix clients/typescript
# The race detector is C. golangci-lint vets.
GO_TEST = env CGO_ENABLED=1 GOFLAGS=-buildvcs=false $(GO) test -race -vet=off
GO_BUILD = $(GO) build -ldflags="-X github.com/pisano-dev/pisano/cmd/internal/telemetry.revision=$(REVISION)"
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
	@$(GO_BUILD) -o bin/ ./cmd/api ./cmd/worker

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
	@$(NPM) ci --include=dev --silent --no-audit --no-fund
	@touch $@

clients/typescript/node_modules/.package-lock.json: clients/typescript/package-lock.json
	$(call need,npm,Node.js 20.19 or newer with npm is needed: https://nodejs.org/)
	@echo "Installing what the client for TypeScript is built with"
	@$(CLIENT_NPM) ci --include=dev --silent --no-audit --no-fund
	@touch $@

tools/redocly/node_modules/.package-lock.json: tools/redocly/package-lock.json
	$(call need,npm,Node.js 20.19 or newer with npm is needed: https://nodejs.org/)
	@echo "Installing what the OpenAPI document is checked with"
	@npm --prefix tools/redocly ci --include=dev --silent --no-audit --no-fund
	@touch $@

# What npm installs, for the page, the client and the OpenAPI document.
.PHONY: node-modules
node-modules: web/node_modules/.package-lock.json clients/typescript/node_modules/.package-lock.json tools/redocly/node_modules/.package-lock.json

##@ Check

# Set-up first, then what is independent side by side: much of it is waiting. The promises are measured at the end, with nothing
# else going on.
.PHONY: test
test: ## check everything: generated files, style, Go with the race detector, the clients, the page, a browser, the containers
	@MAKE="$(MAKE)" make/stages "packages test-images" "node-modules check-generated page programs" , \
	 "lint test-tools test-fresh" "test-go test-versions" "test-clients test-web $(if $(alone),test-browser)" test-containers , \
	 $(if $(alone),,test-browser ,) test-system
	@echo "All checks passed"

.PHONY: test-go
test-go: $(IMAGES) compiler ## test the Go code with the race detector, on real Postgres and Redis
	@echo "Testing the Go code"
	@packages=$$($(GO) list ./... | grep -v '^github.com/pisano-dev/pisano/test/'); \
	 $(with_images) $(GO_TEST) -timeout 15m $$packages
	@$(GO_TEST) -count 1 -v -run ThisMachineSaysWhichItRuns ./core/internal/engine | grep '^engine: '

.PHONY: test-versions
test-versions: $(IMAGES) compiler ## test the adapters on the oldest supported Postgres and Redis, and on Valkey
	@echo "Testing the adapters on the oldest Postgres and Redis, and on Valkey"
	@$(with_images) on() { name=$$1; image=$$2; shift 2; env "$$name=$$image" $(GO_TEST) -timeout 15m "$$@"; }; \
	 on PISANO_POSTGRES_IMAGE "$$PISANO_POSTGRES_OLDEST_IMAGE" ./adapters/postgres & postgres=$$!; \
	 on PISANO_REDIS_IMAGE "$$PISANO_REDIS_OLDEST_IMAGE" ./adapters/redis & redis=$$!; \
	 on PISANO_REDIS_IMAGE "$$PISANO_VALKEY_IMAGE" ./adapters/redis & valkey=$$!; \
	 failed=; for job in $$postgres $$redis $$valkey; do wait $$job || failed=true; done; [ -z "$$failed" ]

with_images = set -a; source $(IMAGES); set +a;
# A test of several minutes prints what it measured.
figures = grep --line-buffered -vE '^=== |^ *--- PASS'

.PHONY: test-system
test-system: $(IMAGES) compiler ## test the promises on the real programs and servers, and print the figures measured
	@echo "Testing the promises on the real programs and servers"
	@$(with_images) $(GO_TEST) -count 1 -timeout 20m -v -parallel 3 ./test/system | $(figures)

.PHONY: test-tools
test-tools: bin/golangci-lint zip ## test the house rules, the OpenAPI document's history, Compose files and the way to AWS
	@echo "Testing the house rules"
	@$(GO) -C tools test ./...
	@echo "Testing the way to AWS"
	@$(GO) -C tools/delivery test -count 1 ./...
	@echo "Testing the files of Compose"
	@$(GO) -C tools/compose test -count 1 ./...
	@echo "Looking for changes that break clients"
	@$(GO) -C tools/openapi test -count 1 -v ./... | $(figures)

.PHONY: test-fresh
test-fresh: compiler ## test that make run works from a checkout and in an environment that are not ours
	@echo "Testing a foreign checkout and environment"
	@$(GO_TEST) -count 1 -timeout 20m -v ./test/fresh | $(figures)

.PHONY: test-clients
test-clients: programs compiler clients/typescript/node_modules/.package-lock.json ## test the clients for Go and TypeScript against the real program
	@echo "Testing the client for Go"
	@PISANO_BIN="$(CURDIR)/bin/api" CGO_ENABLED=1 GOFLAGS=-buildvcs=false $(GO) -C clients/go test -count 1 -race ./...
	@echo "Testing the client for TypeScript"
	@PISANO_BIN="$(CURDIR)/bin/api" $(CLIENT_NPM) run --silent test

.PHONY: test-web
test-web: web/node_modules/.package-lock.json ## test the page's parts
	@echo "Testing the page"
	@$(NPM) run --silent test

.PHONY: test-browser
test-browser: build chromium ## test the whole program in headless Chromium
	@echo "Testing in the browser"
	@$(in_its_network) $(NPM) run --silent e2e

# Chromium gives up its requests whenever a network interface comes or goes, as those of containers do. On Linux it gets a
# network of its own, which has nothing but the loopback interface; where that can't be made, the browser has its turn after the
# containers.
alone := $(shell for user in "" --map-root-user; do unshare $$user --net ip link set lo up 2>/dev/null && echo "unshare $$user --net" && break; done)
in_its_network = $(if $(alone),$(alone) sh -c 'ip link set lo up && exec "$$@"' --)

.PHONY: test-containers
test-containers: $(IMAGES) compiler chromium zip compose web/node_modules/.package-lock.json ## test the images, nginx, the stacks of Compose and what Elastic Beanstalk starts
	@$(with_images) PISANO_TAG=test PISANO_BUILD_FLAGS="--network host" $(MAKE) images
	@echo "Testing the containers; the figures measured are below"
	@$(with_images) PISANO_TAG=test $(GO_TEST) -count 1 -timeout 20m -v -p 1 ./test/frontdoor ./test/images ./test/compose/... ./test/beanstalk/... | $(figures)

.PHONY: lint
# Of the main module golangci-lint vets everything, tests included.
lint: bin/golangci-lint node-modules ## check style, who may import whom, and the OpenAPI document
	@echo "Checking style"
	@for module in $(OTHER_MODULES); do $(GO) -C $$module vet ./...; done
	@$(GO) vet ./core/internal/ifma # the assembly against its declarations
	@GOARCH=arm64 $(GO) vet ./core/... && GOARCH=386 $(GO) vet ./core/... && $(GO) vet -tags purego ./core/...
	@bin/golangci-lint run --allow-parallel-runners ./...
	@cd clients/go && ../../bin/golangci-lint run --allow-parallel-runners ./...
	@$(NPM) run --silent lint
	@$(CLIENT_NPM) run --silent lint
	@echo "Checking the OpenAPI document"
	@report=$$(REDOCLY_TELEMETRY=off npm --prefix tools/redocly run --silent lint 2>&1) || { echo "$$report"; exit 1; }

OTHER_MODULES := tools tools/asm tools/openapi tools/delivery tools/compose clients/go

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
	@CGO_ENABLED=1 $(GO) -C testdata/bench run .

##@ Change

.PHONY: generate
generate: clients/typescript/node_modules/.package-lock.json ## write what is generated: openapi.yaml, its page, the clients and the engine's assembly
	@mkdir -p bin
	@$(GO) run ./cmd/internal/openapi > bin/openapi.yaml && mv bin/openapi.yaml openapi.yaml
	@$(GO) run ./cmd/internal/openapi page > bin/docs.html && mv bin/docs.html adapters/httpapi/docs.html
	@$(GO) -C clients/go generate
	@$(GO) -C tools/asm run . -out ../../core/internal/ifma/kernels_amd64.s
	@$(CLIENT_NPM) run --silent generate

GENERATED := openapi.yaml adapters/httpapi/docs.html clients/go/generated.go clients/typescript/src/schema.ts \
	core/internal/ifma/kernels_amd64.s

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
	@chmod -R u+w bin 2>/dev/null || true # the module cache is read-only
	@rm -rf bin web/dist/* web/node_modules clients/typescript/dist clients/typescript/node_modules tools/redocly/node_modules

##@ What the above need

# The linter has a module of its own, so that its dependencies are not Pisano's.
bin/golangci-lint: tools/go.mod tools/go.sum
	@echo "Building the linter"
	@$(GO) -C tools build -o ../bin/ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

# A Docker engine, and the images of servers and of what Pisano's own are built from.
$(IMAGES): FORCE
	@testdata/images/prepare

.PHONY: FORCE test-images packages
FORCE:
test-images: $(IMAGES)
packages: compiler zip chromium compose-program

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
