# The caller's environment sets the caches, proxies and registries of tools. It must not change what they build or what tests see, so
# this file sets or removes those variables for every recipe. Settings of Pisano itself (PORT, DATABASE_URL …) reach make run and
# make up; tests start programs with their own settings only.

# Shells: options and start-up files of bash, and the search path of cd.
unexport BASH_ENV ENV SHELLOPTS BASHOPTS CDPATH GREP_OPTIONS GREP_COLOR POSIXLY_CORRECT
# Go: other targets, modes, work spaces and experiments.
unexport GO111MODULE GOOS GOARCH GOARM GOAMD64 GO386 GOEXPERIMENT GODEBUG GOBIN GOROOT GOFIPS140 CC CXX
unexport CGO_CFLAGS CGO_CPPFLAGS CGO_CXXFLAGS CGO_LDFLAGS
export GOWORK := off
# The same as in the images (cmd/api/Dockerfile), so that programs, linters and generators share the build cache.
export GOFLAGS := -trimpath -buildvcs=false -tags=grpcnotrace
export CGO_ENABLED := 0
# Node.js and npm: production mode omits build tools and uses a build of React without support for tests.
unexport NODE_ENV NODE_OPTIONS NODE_PATH NODE_V8_COVERAGE FORCE_COLOR
unexport NPM_CONFIG_PRODUCTION npm_config_production NPM_CONFIG_OMIT npm_config_omit NPM_CONFIG_ONLY npm_config_only
unexport NPM_CONFIG_IGNORE_SCRIPTS npm_config_ignore_scripts NPM_CONFIG_GLOBAL npm_config_global NPM_CONFIG_PREFIX npm_config_prefix
unexport VITE_CONFIG VITEST  PWDEBUG DEBUG
# Git: hooks set the location of the repository.
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX GIT_OBJECT_DIRECTORY GIT_COMMON_DIR
# Docker and Compose: another project, another architecture.
unexport COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES COMPOSE_ENV_FILES COMPOSE_PATH_SEPARATOR DOCKER_DEFAULT_PLATFORM
# Text: the same collation everywhere.
export LC_ALL := C.UTF-8
unexport LANG LANGUAGE

# Without a writable home directory, caches and state are kept in bin/.home, where Go does not search for packages.
ifneq ($(shell [ -d "$${HOME:-}" ] && [ -w "$${HOME:-}" ] && echo yes),yes)
export HOME ?= $(CURDIR)/bin/.home
export GOPATH ?= $(CURDIR)/bin/.home/go
export XDG_CACHE_HOME ?= $(CURDIR)/bin/.home/cache
export XDG_STATE_HOME ?= $(CURDIR)/bin/.home/state
export npm_config_cache ?= $(CURDIR)/bin/.home/npm
endif
