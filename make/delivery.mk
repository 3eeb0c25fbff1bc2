# From a commit to a running environment, in the steps that .travis.yml and .github/workflows take. Each can be run by hand,
# and says what it misses. What the variables mean: docs/operations.md.

CI_IMAGE := pisano-ci

.PHONY: ci-image
ci-image: ## build the image that has all that the tests need
	$(call need,docker,Docker is needed: https://docs.docker.com/engine/install/)
	@echo "Building $(CI_IMAGE)"
	@docker build --quiet $(PISANO_BUILD_FLAGS) --build-arg http_proxy --build-arg https_proxy --build-arg no_proxy \
	 $(foreach base,GO NODE,$(if $(PISANO_$(base)_IMAGE),--build-arg $(base)_IMAGE=$(PISANO_$(base)_IMAGE))) \
	 -t $(CI_IMAGE) testdata/images/ci >/dev/null

# The tests start containers of their own, so the image gets the host's engine: its socket, its network, and the repository
# and temporary files under the same paths, for the engine reads what is mounted from the host.
.PHONY: ci-test
ci-test: ## run `make test` (or CI_COMMAND) in that image, on this machine's Docker engine
	@docker run --rm --init --network host -e CI=true -e PISANO_OFFICIAL_IMAGES -v /var/run/docker.sock:/var/run/docker.sock -v /tmp:/tmp \
	 -v "$(CURDIR):$(CURDIR)" -w "$(CURDIR)" $(CI_IMAGE) $(CI_COMMAND)

CI_COMMAND ?= make test

.PHONY: push
push: ## push the four images as PISANO_TAG, the commit, and as latest
	@make/push

.PHONY: bundle
bundle: ## write what Elastic Beanstalk gets: bin/bundle/pisano-PISANO_TAG.zip
	@make/bundle

.PHONY: deploy
deploy: ## bring PISANO_TAG to Elastic Beanstalk: a new version, or one that was there before
	@make/deploy
