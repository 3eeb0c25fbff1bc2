# shellcheck shell=bash
# For the scripts beside it, which are run by make in the root of the repository.
set -euo pipefail

fail() { echo "$*" >&2; exit 1; }

# need VARIABLE WHAT: ends with a sentence unless the variable is set.
need() { [ -n "${!1:-}" ] || fail "$1 is not set: $2."; }

# The images are named by a commit, so that what runs can be told, and gone back to.
need_commit() {
  [[ "${PISANO_TAG:-latest}" != latest ]] ||
    fail 'PISANO_TAG is not set: name the commit, as in PISANO_TAG=$(git rev-parse HEAD).'
  [[ $PISANO_TAG =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$ ]] || fail "PISANO_TAG can't be the tag of an image."
}

# need_master: in continuous integration nothing is delivered but what was pushed to master. The services are told so as well,
# but GitHub's conditions take Master for master.
need_master() {
  [ -n "${GITHUB_ACTIONS:-}${TRAVIS:-}" ] || return 0
  local event=${GITHUB_EVENT_NAME:-${TRAVIS_EVENT_TYPE:-}} ref=${GITHUB_REF:-refs/heads/${TRAVIS_BRANCH:-}}
  [[ $event == push && $ref == refs/heads/master && -z "${TRAVIS_TAG:-}" ]] ||
    fail "This is not a push to master: nothing is delivered."
}

images=(client nginx api worker)
registry=${PISANO_REGISTRY:-pisanodev}
