# All tasks of developers and CI. `make` lists them; scripts/ has those that take more than a line.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
ifeq ($(filter 4.% 5.%,$(MAKE_VERSION)),)
$(error GNU make 4 or newer is required; this is $(MAKE_VERSION))
endif
MAKEFLAGS += --no-print-directory
# The steps of a target depend on their order, whatever -j says; scripts/stages runs what can run in parallel.
.NOTPARALLEL:

include scripts/environment.mk

GO ?= go
NPM := npm --prefix web
CLIENT_NPM := npm --prefix clients/typescript
# MODULES are the modules other than the root module. ALL are the packages of the root module and of core, which it requires.
MODULES := core clients/go bench tools tools/asm tools/openapi
ALL := ./... github.com/pisano-dev/pisano/core/...
# The race detector needs cgo. Vetting is left to golangci-lint.
GO_TEST = env CGO_ENABLED=1 GOFLAGS=-buildvcs=false $(GO) test -race -vet=off
# The commit that is built.
export REVISION := $(shell env -u GIT_DIR -u GIT_WORK_TREE git rev-parse HEAD 2>/dev/null || echo unknown)
GO_BUILD = $(GO) build -ldflags="-X github.com/pisano-dev/pisano/cmd/internal/telemetry.revision=$(REVISION)"
# The images that tests run and that Pisano's own images are built from. test/bases/prepare writes this file.
IMAGES := bin/test-images.env
with_images = set -a; source $(IMAGES); set +a;
# Filters the output of long tests down to the figures they measured and to failures.
figures = grep --line-buffered -vE '^=== |^ *--- PASS'
# Fails with a message if a tool is missing that no target installs.
need = @command -v $(1) >/dev/null || { echo "$(2)"; exit 1; }

.PHONY: help
help: ## list the targets
	@awk '/^##@ /{printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## /{split($$0, part, ":.*## "); printf "  make %-16s %s\n", part[1], part[2]}' Makefile

##@ Use

.PHONY: run
run: build ## build everything and serve the page and the API from one file: http://localhost:8080
	@echo "Serving http://localhost:$${PORT:-8080} (Ctrl-C stops it)"
	@LOG_FORMAT=$${LOG_FORMAT:-text} exec bin/api

.PHONY: build
build: programs ## build the page and the programs into bin/

# The page is embedded in the api program.
.PHONY: programs
programs: page
	$(call need,$(GO),Go 1.26 or newer is required: https://go.dev/dl/)
	@echo "Building bin/api and bin/worker"
	@$(GO_BUILD) -o bin/ ./cmd/api ./cmd/worker

.PHONY: page
page: web/dist/index.html

# Rebuilt only when one of its sources has changed.
PAGE_SOURCES := $(shell find web/src web/public clients/typescript/src -type f 2>/dev/null) web/index.html web/vite.config.ts web/package-lock.json
web/dist/index.html: $(PAGE_SOURCES) web/node_modules/.package-lock.json
	@echo "Building the page"
	@$(NPM) run --silent build
	@touch $@

# SCALE sets the number of containers of a service, such as SCALE="--scale api=3 --scale worker=4".
SCALE ?=

.PHONY: up
up: compose .env ## start the development system on Compose, with live reload
	@scripts/compose development up --detach --build $(SCALE)
	@echo "Serving http://$$(scripts/compose development port nginx 8080 | sed s/127.0.0.1/localhost/) (make down stops it)"

.PHONY: down
down: ## stop the development system; its data stays
	@scripts/compose development down

.PHONY: up-production
up-production: compose .env ## start the production system on Compose, from the images of make images
	@scripts/compose production up --detach $(SCALE)
	@echo "Serving http://$$(scripts/compose production port nginx 8080 | sed s/0.0.0.0/localhost/) (make down-production stops it)"

.PHONY: down-production
down-production: ## stop the production system; its data stays
	@scripts/compose production down

##@ Check

# After the set-up, independent targets run in parallel: they spend much of their time waiting. test-system measures, so it runs last and
# alone.
.PHONY: test
test: ## check everything: generated files, style, Go with the race detector, the clients, the page, a browser, the containers
	@MAKE="$(MAKE)" scripts/stages "packages test-images" "node-modules check-generated page programs" , \
	 "lint test-tools test-fresh" "test-go test-versions" "test-clients test-web $(if $(alone),test-browser)" test-containers , \
	 $(if $(alone),,test-browser ,) test-system
	@echo "All checks passed"

.PHONY: test-go
test-go: $(IMAGES) compiler ## test the Go code with the race detector, on a real Postgres and Redis
	@echo "Testing the Go code"
	@packages=$$($(GO) list $(ALL) | grep -v '^github.com/pisano-dev/pisano/test/'); \
	 $(with_images) $(GO_TEST) -timeout 15m $$packages
	@$(GO_TEST) -count 1 -v -run ThisMachineSaysWhichItRuns github.com/pisano-dev/pisano/core/internal/engine | grep '^engine: '

.PHONY: test-versions
test-versions: $(IMAGES) compiler ## test the adapters on the oldest supported Postgres and Redis, and on Valkey
	@echo "Testing the adapters on the oldest Postgres and Redis, and on Valkey"
	@$(with_images) on() { name=$$1; image=$$2; shift 2; env "$$name=$$image" $(GO_TEST) -timeout 15m "$$@"; }; \
	 on PISANO_POSTGRES_IMAGE "$$PISANO_POSTGRES_OLDEST_IMAGE" ./adapters/postgres & postgres=$$!; \
	 on PISANO_REDIS_IMAGE "$$PISANO_REDIS_OLDEST_IMAGE" ./adapters/redis & redis=$$!; \
	 on PISANO_REDIS_IMAGE "$$PISANO_VALKEY_IMAGE" ./adapters/redis & valkey=$$!; \
	 failed=; for job in $$postgres $$redis $$valkey; do wait $$job || failed=true; done; [ -z "$$failed" ]

.PHONY: test-system
test-system: $(IMAGES) compiler ## test what the system promises on the real programs and servers, and print measurements
	@echo "Testing what the system promises on the real programs and servers"
	@$(with_images) $(GO_TEST) -count 1 -timeout 20m -v -parallel 3 ./test/system | $(figures)

.PHONY: test-tools
test-tools: bin/golangci-lint zip ## test the import rules, the files of Compose, CI and Elastic Beanstalk, and the compatibility of the OpenAPI document
	@echo "Testing the import rules"
	@$(GO) -C tools test ./...
	@echo "Testing the files of Compose, CI and Elastic Beanstalk"
	@$(GO) test -count 1 ./test/compose ./test/beanstalk/delivery
	@echo "Checking that the OpenAPI document is compatible with the last release"
	@$(GO) -C tools/openapi test -count 1 -v ./... | $(figures)

.PHONY: test-fresh
test-fresh: compiler ## test that make run works in a fresh checkout and any environment
	@echo "Testing a fresh checkout in other environments"
	@$(GO_TEST) -count 1 -timeout 20m -v ./test/fresh | $(figures)

.PHONY: test-clients
test-clients: programs compiler clients/typescript/node_modules/.package-lock.json ## test the clients for Go and TypeScript against the real api program
	@echo "Testing the client for Go"
	@PISANO_BIN="$(CURDIR)/bin/api" CGO_ENABLED=1 GOFLAGS=-buildvcs=false $(GO) -C clients/go test -count 1 -race ./...
	@echo "Testing the client for TypeScript"
	@PISANO_BIN="$(CURDIR)/bin/api" $(CLIENT_NPM) run --silent test

.PHONY: test-web
test-web: web/node_modules/.package-lock.json ## test the components of the page
	@echo "Testing the page"
	@$(NPM) run --silent test

.PHONY: test-browser
test-browser: build chromium ## test the page on the real program in headless Chromium
	@echo "Testing in the browser"
	@$(in_its_network) $(NPM) run --silent e2e

# Chromium aborts its requests whenever a network interface appears or disappears, as those of containers do. On Linux it runs in a
# network namespace with only the loopback interface. Without the right to create one, the browser tests run after those with
# containers.
alone := $(shell for user in "" --map-root-user; do unshare $$user --net ip link set lo up 2>/dev/null && echo "unshare $$user --net" && break; done)
in_its_network = $(if $(alone),$(alone) sh -c 'ip link set lo up && exec "$$@"' --)

.PHONY: test-containers
test-containers: $(IMAGES) compiler chromium zip compose web/node_modules/.package-lock.json ## test the images, nginx, the systems of Compose and the bundle of Elastic Beanstalk
	@$(with_images) PISANO_TAG=test PISANO_BUILD_FLAGS="--network host" $(MAKE) images
	@echo "Testing the containers; measurements follow"
	@$(with_images) PISANO_TAG=test $(GO_TEST) -count 1 -timeout 20m -v -p 1 ./test/frontdoor ./test/images ./test/compose/... ./test/beanstalk | $(figures)

.PHONY: lint
# golangci-lint vets the root module and core, including tests.
lint: bin/golangci-lint node-modules ## check style, the import rules and the OpenAPI document
	@echo "Checking style"
	@for module in $(filter-out core,$(MODULES)); do $(GO) -C $$module vet ./...; done
	@$(GO) -C core vet ./internal/vector # compares the assembly with its declarations
	@GOARCH=arm64 $(GO) -C core vet ./... && GOARCH=386 $(GO) -C core vet ./... && $(GO) -C core vet -tags purego ./...
	@for module in . core clients/go; do (cd $$module && "$(CURDIR)/bin/golangci-lint" run --allow-parallel-runners ./...); done
	@$(NPM) run --silent lint
	@$(CLIENT_NPM) run --silent lint
	@echo "Checking the OpenAPI document"
	@report=$$(REDOCLY_TELEMETRY=off npm --prefix tools/redocly run --silent lint 2>&1) || { echo "$$report"; exit 1; }

.PHONY: check-generated
check-generated: clients/typescript/node_modules/.package-lock.json ## fail if a generated file is out of date
	@echo "Checking generated files"
	@MAKE="$(MAKE)" scripts/check-generated

.PHONY: fuzz
fuzz: ## fuzz multiplication, packed decimals and ranges of digits, a minute each
	@for target in FuzzNatural_Mul FuzzChunked_Natural FuzzChunked_AppendDigits; do \
	 $(GO) -C core test -run '^$$' -fuzz "^$$target\$$" -fuzztime 60s -fuzzminimizetime 2s ./decimal; done

.PHONY: bench
bench: ## run the Go benchmarks
	@$(GO) test -run '^$$' -bench . -benchmem $(ALL)

.PHONY: bench-engine
bench-engine: ## compare the engine with GMP and math/big, from 10^2 to 10^8
	@scripts/install "gcc libc6-dev" /usr/bin/cc /usr/bin/gcc
	@scripts/install libgmp-dev /usr/include/gmp.h /usr/include/x86_64-linux-gnu/gmp.h
	@CGO_ENABLED=1 $(GO) -C bench run .

##@ Change

.PHONY: generate
generate: clients/typescript/node_modules/.package-lock.json ## generate openapi.yaml, its page, the clients and the engine's assembly
	@mkdir -p bin
	@$(GO) run ./cmd/internal/openapi > bin/openapi.yaml && mv bin/openapi.yaml openapi.yaml
	@$(GO) run ./cmd/internal/openapi page > bin/docs.html && mv bin/docs.html adapters/httpapi/docs.html
	@$(GO) -C clients/go generate
	@$(GO) -C tools/asm run . -out ../../core/internal/vector/kernels_amd64.s
	@$(CLIENT_NPM) run --silent generate

.PHONY: format
format: bin/golangci-lint web/node_modules/.package-lock.json clients/typescript/node_modules/.package-lock.json ## format the source and apply automatic fixes
	@for module in . core clients/go; do (cd $$module && "$(CURDIR)/bin/golangci-lint" fmt ./...); done
	@$(NPM) run --silent format
	@$(CLIENT_NPM) run --silent format

.PHONY: clean
clean: ## remove everything that was built or installed in the checkout
	@chmod -R u+w bin 2>/dev/null || true # the module cache is read-only
	@rm -rf bin web/dist/* web/node_modules clients/typescript/dist clients/typescript/node_modules tools/redocly/node_modules

##@ Deliver

# docs/operations.md describes the variables.
export PISANO_REGISTRY ?= pisanodev
export PISANO_TAG ?= latest
PROGRAM_IMAGES := client nginx api worker

.PHONY: images
images: $(PROGRAM_IMAGES:%=image-%) ## build the images of client, nginx, api and worker

.PHONY: $(PROGRAM_IMAGES:%=image-%)
image-worker: image-api # which has the same first stage
$(PROGRAM_IMAGES:%=image-%): image-%:
	@scripts/build-image $*

.PHONY: ci-image
ci-image: ## build the image with everything that the tests need
	$(call need,docker,Docker is required: https://docs.docker.com/engine/install/)
	@echo "Building pisano-ci"
	@docker build --quiet $(PISANO_BUILD_FLAGS) --build-arg http_proxy --build-arg https_proxy --build-arg no_proxy \
	 $(foreach base,GO NODE,$(if $(PISANO_$(base)_IMAGE),--build-arg $(base)_IMAGE=$(PISANO_$(base)_IMAGE))) \
	 -t pisano-ci test/bases/ci >/dev/null

# The tests start containers on the host's engine, so the container gets the engine's socket, the host's network, and the repository and
# temporary files at the paths that they have on the host, from where the engine mounts them.
CI_COMMAND ?= make test
.PHONY: ci-test
ci-test: ## run `make test` (or CI_COMMAND) in the image of ci-image
	@docker run --rm --init --network host -e CI=true -e PISANO_OFFICIAL_IMAGES -v /var/run/docker.sock:/var/run/docker.sock -v /tmp:/tmp \
	 -v "$(CURDIR):$(CURDIR)" -w "$(CURDIR)" pisano-ci $(CI_COMMAND)

.PHONY: push
push: ## push the four images with the tags PISANO_TAG, a commit, and latest
	@scripts/push

.PHONY: bundle
bundle: ## write the bundle for Elastic Beanstalk: bin/bundle/pisano-PISANO_TAG.zip
	@scripts/bundle

.PHONY: deploy
deploy: ## deploy PISANO_TAG to Elastic Beanstalk; an earlier version rolls back
	@scripts/deploy

.PHONY: release
release: ## print the commands that release VERSION, such as v0.1.0
	@scripts/release $(VERSION)

# Prerequisites of the targets above.

web/node_modules/.package-lock.json: web/package-lock.json
clients/typescript/node_modules/.package-lock.json: clients/typescript/package-lock.json
tools/redocly/node_modules/.package-lock.json: tools/redocly/package-lock.json
%/node_modules/.package-lock.json:
	$(call need,npm,Node.js 20.19 or newer with npm is required: https://nodejs.org/)
	@echo "Installing the Node.js packages of $*"
	@npm --prefix $* ci --include=dev --silent --no-audit --no-fund
	@touch $@

.PHONY: node-modules
node-modules: web/node_modules/.package-lock.json clients/typescript/node_modules/.package-lock.json tools/redocly/node_modules/.package-lock.json

# The linter is required by a separate module, which keeps its dependencies out of Pisano's.
bin/golangci-lint: tools/go.mod tools/go.sum
	@echo "Building the linter"
	@$(GO) -C tools build -o ../bin/ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

# Ensures a Docker engine and the images.
$(IMAGES): FORCE
	@test/bases/prepare

.env:
	@scripts/write-env

.PHONY: FORCE test-images packages compiler zip chromium compose compose-program
FORCE:
test-images: $(IMAGES)
packages: compiler zip chromium compose-program

# The race detector needs a C compiler.
compiler:
	@scripts/install "gcc libc6-dev" /usr/bin/cc /usr/bin/gcc

# The bundle of Elastic Beanstalk is a zip file.
zip:
	@scripts/install zip /usr/bin/zip

chromium:
	@scripts/install chromium "$${CHROMIUM:-/usr/bin/chromium}"

compose: $(IMAGES) compose-program
compose-program:
	@docker compose version >/dev/null 2>&1 || scripts/install docker-compose /usr/bin/docker-compose /usr/local/bin/docker-compose
