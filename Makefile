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
MODULES := core clients/go bench bench/service tools tools/asm tools/kubernetes tools/openapi
ALL := ./... github.com/pisano-dev/pisano/core/...
# The race detector needs cgo. Vetting is left to golangci-lint.
GO_TEST = env CGO_ENABLED=1 GOFLAGS=-buildvcs=false $(GO) test -race -vet=off
# The commit that is built.
export REVISION := $(shell env -u GIT_DIR -u GIT_WORK_TREE git rev-parse HEAD 2>/dev/null || echo unknown)
GO_BUILD = $(GO) build -ldflags="-X github.com/pisano-dev/pisano/cmd/internal/telemetry.revision=$(REVISION)"
# The images that tests run and that Pisano's own images are built from. test/bases/prepare writes this file.
IMAGES := bin/test-images.env
with_images = set -a; source $(IMAGES); set +a;
# The architectures and ids of Pisano's own images that passed test-containers, which make push pushes in continuous integration.
TESTED := bin/tested-images
# Filters the output of long tests down to the figures they measured and to failures.
figures = grep --line-buffered -vE '^=== |^ *--- PASS'
# Fails with a message if a tool is missing that no target installs.
need = @command -v $(1) >/dev/null || { echo "$(2)"; exit 1; }

.PHONY: help
help: ## list the targets
	@awk '/^##@ /{printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## /{split($$0, part, ":.*## "); printf "  make %-18s %s\n", part[1], part[2]}' Makefile

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
PAGE_SOURCES := $(shell find web/src web/public web/vite clients/typescript/src -type f 2>/dev/null) web/index.html web/vite.config.ts web/package-lock.json
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
up-production: compose-program .env ## start the production system on Compose, from the images of make images
	@scripts/compose production up --detach $(SCALE)
	@echo "Serving http://$$(scripts/compose production port nginx 8080 | sed s/0.0.0.0/localhost/) (make down-production stops it)"

.PHONY: down-production
down-production: ## stop the production system; its data stays
	@scripts/compose production down

# FILE is the backup that is written or read. OVERWRITE=true lets a restore replace records.
FILE ?=
OVERWRITE ?=

.PHONY: backup restore
backup: named-file build ## copy the data of make run to FILE, while it runs
	@bin/api backup "$(FILE)" && echo "Wrote $(FILE)"

restore: named-file build ## put FILE in the place of the data of make run, which must be stopped
	@bin/api restore $(if $(filter true,$(OVERWRITE)),--overwrite) "$(FILE)" && echo "Restored $(FILE)"

.PHONY: backup-production restore-production
backup-production: named-file compose-program .env ## dump the database of the production system to FILE, while it runs
	@scripts/backup "$(FILE)"

restore-production: named-file compose-program .env ## replace the database of the production system by FILE, also on a newer Postgres
	@OVERWRITE="$(OVERWRITE)" scripts/restore "$(FILE)"

.PHONY: named-file
named-file:
	@[ -n "$(FILE)" ] || { echo "FILE is not set: it names the backup, as in make $(firstword $(MAKECMDGOALS)) FILE=pisano.backup"; exit 1; }

##@ Check

# After the set-up, independent targets run in parallel: they spend much of their time waiting. test-containers has most programs at a
# time, and on Linux all containers together get no more of a processor than a single program outside; test-system measures. So both
# run alone.
.PHONY: test
test: ## check everything: generated files, style, Go with the race detector, the clients, the page, a browser, the containers
	@MAKE="$(MAKE)" scripts/stages "packages test-images" "node-modules check-generated page programs" , \
	 "lint test-tools test-fresh" "test-go test-versions" "test-clients test-web $(if $(alone),test-browser)" , \
	 $(if $(alone),,test-browser ,) test-containers , test-system
	@echo "All checks passed"

.PHONY: test-go
test-go: $(IMAGES) compiler ## test the Go code with the race detector, on a real Postgres and Redis
	@echo "Testing the Go code"
	@packages=$$($(GO) list $(ALL) | grep -v '^github.com/pisano-dev/pisano/test/'); \
	 $(with_images) $(GO_TEST) -timeout 60m $$packages
	@GOFLAGS=-buildvcs=false $(GO) test -vet=off -timeout 60m github.com/pisano-dev/pisano/core/internal/simulation
	@$(GO_TEST) -count 1 -v -run TestEngines_OfThisMachineAreKnown github.com/pisano-dev/pisano/core/internal/engine | grep '^engine: '

# The architectures differ from amd64 in the length of a word, in the order of bytes and in the engine. amd64 runs 386 itself, and the
# emulator's 386 does not deliver the signals of Go 1.26. The emulator runs no child processes of the same architecture, which two tests
# start. Emulated processors of amd64 have no AVX (Nehalem), or AVX2 without AVX-512 (Haswell).
.PHONY: test-architectures
test-architectures: ## test core on 386, arm64 and s390x, and its engines on older processors, emulated; needs amd64
	@scripts/install qemu-user-static /usr/bin/qemu-s390x-static
	@for processor in "Nehalem purego" "Haswell avx2, purego"; do \
	 export CGO_ENABLED=0 GOFLAGS=-buildvcs=false; on="$(GO) test -count 1 -vet=off -timeout 60m -exec"; \
	 emulator="qemu-x86_64-static -cpu $${processor%% *}"; engines=$${processor#* }; \
	 echo "Testing the engines $$engines of core on a $${processor%% *}"; \
	 $$on "$$emulator" -v -run TestEngines_OfThisMachineAreKnown github.com/pisano-dev/pisano/core/internal/engine | grep "^engine: amd64 runs $$engines;"; \
	 $$on "$$emulator" -skip TestEngine_IsChosenByTheEnvironment $(addprefix github.com/pisano-dev/pisano/core/internal/,engine ntt vector); \
	 done
	@packages=$$($(GO) list github.com/pisano-dev/pisano/core/... | grep -v /internal/simulation); \
	 for architecture in 386: arm64:aarch64 s390x:s390x; do \
	 export GOARCH=$${architecture%:*}; emulator=$${architecture#*:}; emulator=$${emulator:+-exec qemu-$$emulator-static}; \
	 echo "Testing core on $$GOARCH"; \
	 CGO_ENABLED=0 GOFLAGS=-buildvcs=false $(GO) test -vet=off -timeout 60m $$emulator \
	 -skip 'TestEngine_IsChosenByTheEnvironment|TestSuites_FailWrongImplementationsQuickly' $$packages; \
	 CGO_ENABLED=0 GOFLAGS=-buildvcs=false $(GO) test -vet=off -timeout 60m $$emulator -run TestPromises \
	 github.com/pisano-dev/pisano/core/internal/simulation -seeds 10; \
	 done

.PHONY: test-versions
test-versions: $(IMAGES) compiler ## test the adapters on the oldest supported Postgres and Redis, and on Valkey
	@echo "Testing the adapters on the oldest Postgres and Redis, and on Valkey"
	@$(with_images) on() { name=$$1; image=$$2; shift 2; env "$$name=$$image" $(GO_TEST) -timeout 60m "$$@"; }; \
	 on PISANO_POSTGRES_IMAGE "$$PISANO_POSTGRES_OLDEST_IMAGE" ./adapters/postgres & postgres=$$!; \
	 on PISANO_REDIS_IMAGE "$$PISANO_REDIS_OLDEST_IMAGE" ./adapters/redis & redis=$$!; \
	 on PISANO_REDIS_IMAGE "$$PISANO_VALKEY_IMAGE" ./adapters/redis & valkey=$$!; \
	 failed=; for job in $$postgres $$redis $$valkey; do wait $$job || failed=true; done; [ -z "$$failed" ]

.PHONY: test-system
test-system: $(IMAGES) compiler ## test what the system promises on the real programs and servers, and print measurements
	@echo "Testing what the system promises on the real programs and servers"
	@$(with_images) $(GO_TEST) -count 1 -timeout 60m -v -parallel 3 ./test/system | $(figures)

# FOR is how long the soak lasts, such as FOR=30m.
FOR ?= 5m

.PHONY: soak
soak: $(IMAGES) compiler ## keep the system under load and faults (FOR=30m); not part of make test
	@echo "Keeping the system under load and faults for $(FOR)"
	@$(with_images) $(GO_TEST) -count 1 -timeout 0 -v ./test/soak -for $(FOR)

.PHONY: test-tools
test-tools: bin/golangci-lint zip aws ## test the import rules, the files of Compose, CI, Elastic Beanstalk and Kubernetes, and the compatibility of the OpenAPI document
	@echo "Testing the import rules"
	@$(GO) -C tools test -timeout 60m ./...
	@echo "Testing the files of Compose, CI and Elastic Beanstalk"
	@$(GO) test -count 1 -timeout 60m ./test/compose ./test/beanstalk/delivery ./test/beanstalk/deploy
	@echo "Testing the manifests for Kubernetes"
	@$(GO) -C tools/kubernetes test -count 1 ./...
	@echo "Checking that the OpenAPI document is compatible with the last release"
	@$(GO) -C tools/openapi test -count 1 -v ./... | $(figures)

.PHONY: test-fresh
test-fresh: compiler ## test that make run works in a fresh checkout and any environment
	@echo "Testing a fresh checkout in other environments"
	@$(GO_TEST) -count 1 -timeout 60m -v ./test/fresh | $(figures)

.PHONY: test-clients
test-clients: programs compiler clients/typescript/node_modules/.package-lock.json ## test the clients for Go and TypeScript against the real api program
	@echo "Testing the client for Go"
	@PISANO_BIN="$(CURDIR)/bin/api" CGO_ENABLED=1 GOFLAGS=-buildvcs=false $(GO) -C clients/go test -count 1 -race -timeout 60m ./...
	@echo "Testing the client for TypeScript"
	@PISANO_BIN="$(CURDIR)/bin/api" $(CLIENT_NPM) run --silent test

# What Node.js does with a Request that is collected differs between versions. The packages bring their own node.
NODE_VERSIONS := 22.23.3 24.21.0
.PHONY: test-node-versions
test-node-versions: programs clients/typescript/node_modules/.package-lock.json ## test the client for TypeScript after forced garbage collection on other versions of Node.js
	@for version in $(NODE_VERSIONS); do \
	 echo "Testing the client for TypeScript on Node.js $$version"; \
	 PISANO_BIN="$(CURDIR)/bin/api" npx --yes --prefix clients/typescript --package node@$$version -- \
	 sh -c 'cd clients/typescript && test "$$(node --version)" = "v$$0" && node node_modules/.bin/vitest run test/collection.test.ts' "$$version"; \
	 done

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
test-containers: $(IMAGES) compiler chromium zip compose web/node_modules/.package-lock.json ## test the images, nginx, the systems of Compose, the alerts and the bundle of Elastic Beanstalk
	@rm -f $(TESTED)
	@scripts/install qemu-user-static /usr/bin/qemu-aarch64-static
	@$(with_images) PISANO_TAG=test PISANO_BUILD_FLAGS="--network host" $(MAKE) images images-arm64
	@echo "Testing the containers; measurements follow"
	@$(with_images) PISANO_TAG=test $(GO_TEST) -count 1 -timeout 60m -v -p 1 ./test/frontdoor ./test/images ./test/compose/... ./test/monitoring ./test/beanstalk | $(figures)
	@PISANO_TAG=test scripts/record-images > $(TESTED)

.PHONY: lint
# golangci-lint vets the root module and core, including tests.
lint: bin/golangci-lint node-modules ## check style, the import rules, the workflows and the OpenAPI document
	@echo "Checking style"
	@for module in $(filter-out core,$(MODULES)); do $(GO) -C $$module vet ./...; done
	@$(GO) -C core vet ./internal/vector # compares the assembly with its declarations
	@GOARCH=arm64 $(GO) -C core vet ./... && GOARCH=386 $(GO) -C core vet ./... && $(GO) -C core vet -tags purego ./...
	@for module in . core clients/go bench/service; do (cd $$module && "$(CURDIR)/bin/golangci-lint" run --allow-parallel-runners ./...); done
	@$(NPM) run --silent lint
	@$(CLIENT_NPM) run --silent lint
	@for folder in express page/lighthouse; do (cd bench/service/$$folder && "$(CURDIR)/web/node_modules/.bin/biome" ci); done
	@echo "Checking the workflows of GitHub"
	@$(GO) run github.com/rhysd/actionlint/cmd/actionlint -shellcheck= -pyflakes=
	@echo "Checking the OpenAPI document"
	@report=$$(REDOCLY_TELEMETRY=off npm --prefix tools/redocly run --silent lint 2>&1) || { echo "$$report"; exit 1; }

.PHONY: check-generated
check-generated: clients/typescript/node_modules/.package-lock.json tools/cloudformation/node_modules/.package-lock.json ## fail if a generated file is out of date
	@echo "Checking generated files"
	@MAKE="$(MAKE)" scripts/check-generated

.PHONY: check-explorer
check-explorer: ## compare the number explorer with PARI/GP at 1,000 random arguments of each function
	@scripts/install pari-gp /usr/bin/gp
	@mkdir -p bin
	@ROWS=1000 gp -q testdata/golden-explorer.gp > bin/golden-explorer-pari.json
	@$(GO) -C core test -count 1 ./fibonacci -run Golden -golden "$(CURDIR)/bin/golden-explorer-pari.json"

# FUZZTIME is how long each target is fuzzed.
FUZZTIME ?= 60s
.PHONY: fuzz
fuzz: ## fuzz the engine, decimal numbers, the number explorer and Range, a minute each or FUZZTIME=10m
	@fuzz() { \
	 for target in $$($(GO) -C $$1 test -list '^Fuzz' $$2 | grep '^Fuzz'); do \
	 $(GO) -C $$1 test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 2s $$2 || return 1; done; }; \
	 fuzz core ./decimal && fuzz core ./fibonacci && fuzz core ./internal/vector && fuzz . ./adapters/httpapi

.PHONY: bench
bench: ## run the Go benchmarks
	@$(GO) test -run '^$$' -bench . -benchmem $(ALL)

.PHONY: bench-engine
bench-engine: ## compare the engine with GMP and math/big: warm from 10^2 to 10^8, and the first calculation of a process to 10^9
	@scripts/install "gcc libc6-dev" /usr/bin/cc /usr/bin/gcc
	@scripts/install libgmp-dev /usr/include/gmp.h /usr/include/x86_64-linux-gnu/gmp.h
	@CGO_ENABLED=1 $(GO) -C bench run .
	@CGO_ENABLED=1 $(GO) -C bench run . cold

# BENCH has flags of the measurement, such as BENCH=-quick or BENCH=-profiles: docs/service.md.
BENCH ?=
.PHONY: bench-service
bench-service: $(IMAGES) bench/service/express/node_modules/.package-lock.json ## compare the service with bare servers and Express
	@scripts/install strace /usr/bin/strace
	@$(with_images) PISANO_TAG=test PISANO_BUILD_FLAGS="--network host" $(MAKE) image-nginx
	@$(with_images) cd bench/service && PISANO_TAG=test $(GO) test -count 1 -timeout 30m -v -args $(BENCH) | $(figures)

# The browser is Chromium; BENCH=-runs=1 loads each address once.
.PHONY: bench-page
bench-page: $(IMAGES) page chromium bench/service/page/lighthouse/node_modules/.package-lock.json ## measure the page on a phone: Lighthouse, and the time from a tap to the next frame
	@$(with_images) PISANO_TAG=test PISANO_BUILD_FLAGS="--network host" $(MAKE) image-nginx image-client
	@$(with_images) cd bench/service && PISANO_TAG=test $(GO) test -count 1 -timeout 60m -v ./page -args $(BENCH) | $(figures)

##@ Change

.PHONY: generate
generate: clients/typescript/node_modules/.package-lock.json tools/cloudformation/node_modules/.package-lock.json ## generate openapi.yaml, its form for 3.0, its page, the clients, the engine's assembly and the schemas of what AWS and Kubernetes read
	@mkdir -p bin
	@$(GO) run ./cmd/internal/openapi > bin/openapi.yaml && mv bin/openapi.yaml openapi.yaml
	@$(GO) run ./cmd/internal/openapi 3.0 > bin/openapi-3.0.yaml && mv bin/openapi-3.0.yaml openapi-3.0.yaml
	@$(GO) run ./cmd/internal/openapi page > bin/docs.html && mv bin/docs.html adapters/httpapi/docs.html
	@$(GO) -C clients/go generate
	@$(GO) -C tools/asm run . -out ../../core/internal/vector/kernels_amd64.s
	@$(CLIENT_NPM) run --silent generate
	@npm --prefix tools/cloudformation run --silent generate
	@$(GO) -C tools/kubernetes run ./schemas

.PHONY: format
format: bin/golangci-lint web/node_modules/.package-lock.json clients/typescript/node_modules/.package-lock.json ## format the source and apply automatic fixes
	@for module in . core clients/go bench/service; do (cd $$module && "$(CURDIR)/bin/golangci-lint" fmt ./...); done
	@$(NPM) run --silent format
	@$(CLIENT_NPM) run --silent format
	@for folder in express page/lighthouse; do (cd bench/service/$$folder && "$(CURDIR)/web/node_modules/.bin/biome" check --write); done

.PHONY: clean
clean: ## remove everything that was built or installed in the checkout
	@chmod -R u+w bin 2>/dev/null || true # the module cache is read-only
	@rm -rf bin web/dist/* web/test-results web/playwright-report clients/typescript/dist \
	 $(addsuffix /node_modules,web clients/typescript tools/redocly tools/cloudformation bench/service/express bench/service/page/lighthouse)

##@ Deliver

# docs/operations.md describes the variables. Compose reads .env, too, but not in place of what make exports.
of_dotenv = $(lastword $(shell sed -nE 's/^(export +)?$1=["'\'']?([^"'\''[:space:]]*).*/\2/p' .env 2>/dev/null))
ifndef PISANO_REGISTRY
PISANO_REGISTRY := $(or $(call of_dotenv,PISANO_REGISTRY),pisanodev)
endif
# The version that is pushed or deployed is named by the caller.
ifndef PISANO_TAG
PISANO_TAG := $(or $(if $(filter push bundle deploy,$(MAKECMDGOALS)),,$(call of_dotenv,PISANO_TAG)),latest)
endif
export PISANO_REGISTRY PISANO_TAG
PROGRAM_IMAGES := pisano client nginx api worker

.PHONY: images
images: $(PROGRAM_IMAGES:%=image-%) ## build the image with everything, and those of client, nginx, api and worker

.PHONY: $(PROGRAM_IMAGES:%=image-%)
image-worker: image-api # which has the same first stage
image-api: image-pisano # which has its layer of libraries
$(PROGRAM_IMAGES:%=image-%): image-%:
	@scripts/build-image $*

# An image that stands in for that of nginx is for the engine's architecture only.
CROSS_IMAGES = $(if $(filter pisano-test/%,$(PISANO_NGINX_IMAGE)),pisano api worker,$(PROGRAM_IMAGES))
.PHONY: images-amd64 images-arm64
images-amd64 images-arm64: images-%: ## build the images for an architecture that is not the engine's, with the tags PISANO_TAG-ARCHITECTURE
	@PISANO_ARCHITECTURE=$* $(MAKE) $(CROSS_IMAGES:%=image-%)

# The other images are pulled here as well, because the tests don't get the login.
.PHONY: ci-image
ci-image: $(IMAGES) ## build the image with everything that the tests need
	$(call need,docker,Docker is required: https://docs.docker.com/engine/install/)
	@echo "Building pisano-ci"
	@docker build --quiet $(PISANO_BUILD_FLAGS) --build-arg http_proxy --build-arg https_proxy --build-arg no_proxy \
	 $(foreach base,GO NODE,$(if $(PISANO_$(base)_IMAGE),--build-arg $(base)_IMAGE=$(PISANO_$(base)_IMAGE))) \
	 -t pisano-ci test/bases/ci >/dev/null

.PHONY: login
login: ## log Docker in as DOCKER_USERNAME, if it and DOCKER_PASSWORD are set
	@scripts/login

# The tests start containers on the host's engine, so the container gets the engine's socket, the host's network, and the repository and
# temporary files at the paths that they have on the host, from where the engine mounts them.
# What signs is built there, too, where the images are pushed and signed afterwards: the host may have no Go.
CI_COMMAND ?= make test $(and $(PISANO_COSIGN_KEY),$(filter push,$(MAKECMDGOALS)),bin/cosign)
# The variables that the command gets.
CI_VARIABLES ?=
.PHONY: ci-test
ci-test: ## run `make test` (or CI_COMMAND) in the image of ci-image
	@docker run --rm --init --network host -e CI=true -e PISANO_OFFICIAL_IMAGES $(addprefix -e ,$(CI_VARIABLES)) -v /var/run/docker.sock:/var/run/docker.sock -v /tmp:/tmp \
	 -v "$(CURDIR):$(CURDIR)" -w "$(CURDIR)" pisano-ci $(CI_COMMAND)

.PHONY: push
push: $(and $(PISANO_COSIGN_KEY),bin/cosign) ## push the images with the tags PISANO_TAG, a commit, and latest, signed with PISANO_COSIGN_KEY if it is set
	@PATH="$(CURDIR)/bin:$$PATH" scripts/push

.PHONY: sign
sign: bin/cosign ## sign the images of PISANO_DIGESTS and attest their bills of materials: with PISANO_COSIGN_KEY, or as the workflow of GitHub
	@PATH="$(CURDIR)/bin:$$PATH" scripts/sign

.PHONY: bundle
bundle: ## write the bundle for Elastic Beanstalk: bin/bundle/pisano-PISANO_TAG.zip
	@scripts/bundle

.PHONY: deploy
deploy: ## deploy PISANO_TAG to Elastic Beanstalk; an earlier version rolls back
	@scripts/deploy

.PHONY: release-check
release-check: $(IMAGES) page bin/goreleaser bin/cosign compiler ## make what a release consists of, in bin/release, and check it
	@scripts/install qemu-user-static /usr/bin/qemu-aarch64-static
	@echo "Making a release"
	@PATH="$(CURDIR)/bin:$$PATH" goreleaser release --clean --snapshot --skip publish
	@echo "Checking the release"
	@$(GO) -C tools/cosign vet ./bill
	@$(with_images) $(GO_TEST) -count 1 -timeout 60m -v ./test/release | $(figures)

.PHONY: publish
publish: page bin/goreleaser ## publish what a release consists of as a draft on GitHub, from the release's tag
	@PATH="$(CURDIR)/bin:$$PATH" scripts/publish

.PHONY: push-release
push-release: bin/goreleaser ## give the images of a release its version as a tag, from the release's tag
	@PATH="$(CURDIR)/bin:$$PATH" scripts/push-release

.PHONY: release
release: ## print the commands that release VERSION, such as v0.1.0
	@scripts/release $(VERSION)

# Prerequisites of the targets above.

web/node_modules/.package-lock.json: web/package-lock.json
clients/typescript/node_modules/.package-lock.json: clients/typescript/package-lock.json
tools/redocly/node_modules/.package-lock.json: tools/redocly/package-lock.json
tools/cloudformation/node_modules/.package-lock.json: tools/cloudformation/package-lock.json
bench/service/express/node_modules/.package-lock.json: bench/service/express/package-lock.json
bench/service/page/lighthouse/node_modules/.package-lock.json: bench/service/page/lighthouse/package-lock.json
%/node_modules/.package-lock.json:
	$(call need,npm,Node.js 20.19 or newer with npm is required: https://nodejs.org/)
	@echo "Installing the Node.js packages of $*"
	@npm --prefix $* ci --include=dev --silent --no-audit --no-fund
	@touch $@

.PHONY: node-modules
node-modules: web/node_modules/.package-lock.json clients/typescript/node_modules/.package-lock.json tools/redocly/node_modules/.package-lock.json tools/cloudformation/node_modules/.package-lock.json

# The linter is required by a separate module, which keeps its dependencies out of Pisano's.
bin/golangci-lint: tools/go.mod tools/go.sum
	@echo "Building the linter"
	@$(GO) -C tools build -o ../bin/ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

# With it cyclonedx-gomod and crane, which the same module requires.
bin/goreleaser: tools/release/go.mod tools/release/go.sum
	@echo "Building the tools for releases"
	@$(GO) -C tools/release build -o ../../bin/ tool
	@touch $@

# A module of its own: it is built only where images are signed, and other versions of its modules are in the tools for releases.
# With it bill, which writes the bills of materials that cosign attests.
bin/cosign: tools/cosign/go.mod tools/cosign/go.sum $(wildcard tools/cosign/bill/*.go)
	@echo "Building cosign"
	@$(GO) -C tools/cosign build -o ../../bin/ tool
	@touch $@

# Ensures a Docker engine and the images.
$(IMAGES): FORCE
	@test/bases/prepare

.env:
	@scripts/write-env

.PHONY: FORCE test-images packages compiler zip aws chromium compose compose-program
FORCE:
test-images: $(IMAGES)
packages: compiler zip aws chromium compose-program

# The race detector needs a C compiler.
compiler:
	@scripts/install "gcc libc6-dev" /usr/bin/cc /usr/bin/gcc

# The bundle of Elastic Beanstalk is a zip file.
zip:
	@scripts/install zip /usr/bin/zip

# The AWS command line deploys; tests run it.
aws:
	@command -v aws >/dev/null || scripts/install awscli /usr/bin/aws /usr/local/bin/aws

chromium:
	@scripts/install chromium "$${CHROMIUM:-/usr/bin/chromium}"

compose: $(IMAGES) compose-program
compose-program:
	@docker compose version >/dev/null 2>&1 || \
	 scripts/install "$$(apt-cache show docker-compose-v2 >/dev/null 2>&1 && echo docker-compose-v2 || echo docker-compose)" \
	  /usr/bin/docker-compose /usr/local/bin/docker-compose
