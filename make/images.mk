# The images of production: client, nginx, api, worker. PISANO_REGISTRY and PISANO_TAG name them. PISANO_GO_IMAGE,
# PISANO_NODE_IMAGE and PISANO_NGINX_IMAGE are what they are built from, by default the official images that the Dockerfiles
# name. PISANO_BUILD_FLAGS go to docker build, which uses BuildKit or not as DOCKER_BUILDKIT says: both do.

export PISANO_REGISTRY ?= pisanodev
export PISANO_TAG ?= latest
image = $(PISANO_REGISTRY)/pisano-$(1):$(PISANO_TAG)
IMAGE_NAMES := client nginx api worker

.PHONY: images
images: $(IMAGE_NAMES:%=image-%) ## build the images of client, nginx, api and worker
	@docker image inspect --format '{{index .RepoTags 0}} {{.Size}}' $(foreach name,$(IMAGE_NAMES),$(call image,$(name))) \
	 | sed 's/^[^ ]*pisano-/pisano-/' | awk '{printf "  %-40s %5.1f MB\n", $$1, $$2 / 1e6}'

.PHONY: $(IMAGE_NAMES:%=image-%)
image-client: dockerfile := web/Dockerfile
image-client: bases := NODE NGINX
image-nginx: dockerfile := nginx/Dockerfile
image-nginx: bases := NGINX
image-api: dockerfile := cmd/api/Dockerfile
image-api: bases := GO
image-worker: image-api # whose first stage it has
image-worker: dockerfile := cmd/worker/Dockerfile
image-worker: bases := GO
$(IMAGE_NAMES:%=image-%): image-%:
	$(call need,docker,Docker is needed: https://docs.docker.com/engine/install/)
	@echo "Building $(call image,$*)"
	@log=$$(docker build $(PISANO_BUILD_FLAGS) --build-arg http_proxy --build-arg https_proxy --build-arg no_proxy \
	 $(foreach base,$(bases),$(if $(PISANO_$(base)_IMAGE),--build-arg $(base)_IMAGE=$(PISANO_$(base)_IMAGE))) \
	 $(if $(filter GO,$(bases)),--build-arg REVISION=$(REVISION)) --label org.opencontainers.image.revision=$(REVISION) \
	 -f $(dockerfile) -t $(call image,$*) . 2>&1) || { echo "$$log"; exit 1; }

REVISION = $(shell env -u GIT_DIR -u GIT_WORK_TREE git rev-parse HEAD 2>/dev/null || echo unknown)
