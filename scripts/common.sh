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
  [[ $PISANO_TAG =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$ ]] || fail "PISANO_TAG is not a valid image tag."
}

# need_master: in continuous integration, fails unless this is a push to master. The CI files have the same condition, but GitHub compares
# without regard to case and accepts Master.
need_master() {
  [ -n "${GITHUB_ACTIONS:-}${TRAVIS:-}" ] || return 0
  local event=${GITHUB_EVENT_NAME:-${TRAVIS_EVENT_TYPE:-}} ref=${GITHUB_REF:-refs/heads/${TRAVIS_BRANCH:-}}
  [[ $event == push && $ref == refs/heads/master && -z "${TRAVIS_TAG:-}" ]] ||
    fail "This is not a push to master: nothing is delivered."
}

images=(client nginx api worker)
registry=${PISANO_REGISTRY:-pisanodev}
