# The whole system on this machine by Compose: for development from the source, and as in production from the images of
# `make images`. Both take passwords and settings from .env, which is made at the first start. The base images are those that
# the tests run on: $(IMAGES).

COMPOSE = $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)
PRODUCTION = $(COMPOSE) --project-name pisano-production --file docker-compose.production.yml
# More of a service, such as SCALE="--scale api=3 --scale worker=4".
SCALE ?=

# Whom the containers of development run as: the owner of the files where others can't read them.
user_of_checkout = $(shell find go.mod -perm -004 | grep -q . || echo "PISANO_USER=$$(id -u):$$(id -g);")

.PHONY: up
up: compose .env ## start everything for development; what is edited is seen at once
	@set -a; source $(IMAGES); $(user_of_checkout) set +a; $(COMPOSE) up --detach --build $(SCALE)
	@echo "Serving http://$$($(COMPOSE) port nginx 8080 | sed s/127.0.0.1/localhost/) (make down stops it)"

.PHONY: down
down: .env ## stop what make up started; the data stays
	@$(COMPOSE) down

.PHONY: up-production
up-production: compose .env ## start everything from the images that make images built
	@set -a; source $(IMAGES); set +a; $(PRODUCTION) up --detach $(SCALE)
	@echo "Serving http://$$($(PRODUCTION) port nginx 8080 | sed s/0.0.0.0/localhost/) (make down-production stops it)"

.PHONY: down-production
down-production: .env ## stop what make up-production started; the data stays
	@$(PRODUCTION) down

# Passwords of one's own. Postgres keeps the one it was made with.
.env:
	@echo "Writing .env with new passwords"
	@umask 077; password() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }; \
	 sed "s/^POSTGRES_PASSWORD=.*/POSTGRES_PASSWORD=$$(password)/; s/^REDIS_PASSWORD=.*/REDIS_PASSWORD=$$(password)/" .env.example > $@.new; \
	 mv $@.new $@

.PHONY: compose compose-program
compose: $(IMAGES) compose-program
compose-program:
	@docker compose version >/dev/null 2>&1 || { $(call install,/usr/bin/docker-compose /usr/local/bin/docker-compose,docker-compose); }
