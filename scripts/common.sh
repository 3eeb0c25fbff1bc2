# shellcheck shell=bash
# Functions for the other scripts. make runs them in the root of the repository.
set -euo pipefail

fail() { echo "$*" >&2; exit 1; }

# need VARIABLE WHAT: fails with a message that says what the variable is, unless it is set.
need() { [ -n "${!1:-}" ] || fail "$1 is not set: $2."; }

# need_commit: fails unless PISANO_TAG is set. Images are tagged with the commit, so that the running version is known and can be
# deployed again.
need_commit() {
  [[ "${PISANO_TAG:-latest}" != latest ]] ||
    fail 'PISANO_TAG is not set: name the commit, as in PISANO_TAG=$(git rev-parse HEAD).'
  # A version of Elastic Beanstalk, whose label has 100 characters at most, is named after it.
  [[ $PISANO_TAG =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,88}$ ]] || fail "PISANO_TAG is not a valid image tag."
}

# in_ci: whether a continuous integration service runs this.
in_ci() { [ -n "${GITHUB_ACTIONS:-}${TRAVIS:-}" ]; }

# need_master: in continuous integration, fails unless this is a push to master. The CI files have the same condition, but GitHub compares
# without regard to case and accepts Master.
need_master() {
  in_ci || return 0
  local event=${GITHUB_EVENT_NAME:-${TRAVIS_EVENT_TYPE:-}} ref=${GITHUB_REF:-refs/heads/${TRAVIS_BRANCH:-}}
  [[ $event == push && $ref == refs/heads/master && -z "${TRAVIS_TAG:-}" ]] ||
    fail "This is not a push to master: nothing is delivered."
}

# need_tip: in continuous integration, fails unless PISANO_TAG is the newest commit of master. A build that was delayed or repeated must not
# replace a newer one.
need_tip() {
  in_ci || return 0
  local tip
  tip=$(GIT_TERMINAL_PROMPT=0 git ls-remote --exit-code origin refs/heads/master) || fail "The tip of master can't be read from origin."
  tip=${tip%%[[:space:]]*}
  [ "$tip" = "$PISANO_TAG" ] || fail "master is at $tip now: $PISANO_TAG is not delivered."
}

# need_release: sets tag and version, v0.1.0 and 0.1.0, to those of the commit. In continuous integration, fails unless that tag was pushed.
need_release() {
  if in_ci; then
    tag=${GITHUB_REF:-refs/tags/${TRAVIS_TAG:-}}
    [[ ${GITHUB_EVENT_NAME:-${TRAVIS_EVENT_TYPE:-}} == push && $tag == refs/tags/v* ]] ||
      fail "This is not a push of a release's tag: nothing is released."
    tag=${tag#refs/tags/}
  else
    tag=$(git describe --exact-match --tags --match 'v[0-9]*' HEAD 2>/dev/null) || fail "The commit has no tag of a release, such as v0.1.0."
  fi
  [[ $tag =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$tag is not the tag of a release, such as v0.1.0."
  version=${tag#v}
}

# buildkit_client: prints the name of a Docker client that builds for other architectures. The first in the PATH may lack BuildKit.
buildkit_client() {
  local client
  while read -r client; do
    ! DOCKER_BUILDKIT=1 "$client" build --help >/dev/null 2>&1 || { echo "$client"; return; }
  done < <(type -ap docker)
  fail "Images for another architecture need BuildKit: install docker-buildx with your system's package manager."
}

images=(pisano client nginx api worker)
# Those that images are made for. An image of the engine's own has the plain tag; the others have TAG-ARCHITECTURE.
architectures=(amd64 arm64)
registry=${PISANO_REGISTRY:-pisanodev}

# repository NAME: prints where an image is, without its tag.
repository() {
  case $1 in
  pisano) echo "$registry/pisano" ;;
  *) echo "$registry/pisano-$1" ;;
  esac
}

# tagged NAME TAG: prints name, architecture and id of an image, and of those that were built for other architectures.
tagged() {
  local image candidate found seen=" "
  image=$(repository "$1"):$2
  for candidate in "$image" "${architectures[@]/#/$image-}"; do
    found=$(docker image inspect --format "{{.Architecture}} {{.Id}}" "$candidate" 2>/dev/null) || continue
    [[ $seen == *" ${found% *} "* ]] || echo "$1 $found"
    seen+="${found% *} "
  done
}

# compose ARGUMENT...: runs Compose on the production system, or as PISANO_COMPOSE says.
compose() {
  # shellcheck disable=SC2086 # a command with its arguments
  ${PISANO_COMPOSE:-scripts/compose production} "$@"
}
