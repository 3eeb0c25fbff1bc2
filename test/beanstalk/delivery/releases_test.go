package delivery

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newReleaseBench returns a bench in continuous integration for a tag, with programs that record their arguments.
func newReleaseBench(t *testing.T, tag string) *bench {
	t.Helper()
	b := newBench(t)
	for _, name := range []string{"crane", "gh", "goreleaser"} {
		if err := os.WriteFile(filepath.Join(b.directory, name), []byte(recorder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	b.environment = append(b.environment, "GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/tags/"+tag, "GITHUB_TOKEN=hunter2",
		"GITHUB_REPOSITORY=somebody/pisano")
	return b
}

func TestPushRelease_TagsNothingBeforeAllImagesAreFound(t *testing.T) {
	t.Parallel()
	b := newReleaseBench(t, "v1.2.3")
	image := "crane digest example.com/pisano/pisano"
	inOrder(t, b.succeed("scripts/push-release"), "docker login ", image+":", image+"-client:", image+"-nginx:", image+"-api:", image+"-worker:",
		"crane tag example.com/pisano/pisano@"+digest+" 1.2.3\n")
}

// The tag of a commit can be moved by whoever may push. The attestation is that of the workflow.
func TestPushRelease_RefusesAnImageThatTheWorkflowDidNotBuild(t *testing.T) {
	t.Parallel()
	b := newReleaseBench(t, "v1.2.3")
	gh := recorder + `case "$*" in *pisano-worker@*) echo "no attestations found" >&2; exit 1 ;; esac` + "\n"
	if err := os.WriteFile(filepath.Join(b.directory, "gh"), []byte(gh), 0o755); err != nil {
		t.Fatal(err)
	}
	b.fail("scripts/push-release", "is not released: no attestations found")
	calls := b.calls()
	inOrder(t, calls, "gh attestation verify oci://example.com/pisano/pisano@"+digest+" --repo somebody/pisano --source-digest ", " --source-ref refs/heads/master\n",
		"gh attestation verify oci://example.com/pisano/pisano-worker@"+digest)
	if strings.Contains(calls, "crane tag") {
		t.Errorf("it tags:\n%s", calls)
	}
}

// Travis attests nothing.
func TestPushRelease_InTravisNeedsNoAttestation(t *testing.T) {
	t.Parallel()
	b := newReleaseBench(t, "v1.2.3")
	b.environment = append(b.environment, "GITHUB_ACTIONS=", "GITHUB_EVENT_NAME=", "GITHUB_REF=", "TRAVIS=true", "TRAVIS_EVENT_TYPE=push", "TRAVIS_TAG=v1.2.3")
	if calls := b.succeed("scripts/push-release"); strings.Contains(calls, "gh ") {
		t.Errorf("it asks GitHub:\n%s", calls)
	}
}

func TestPushRelease_RefusesACommitThatWasNotPushed(t *testing.T) {
	t.Parallel()
	b := newReleaseBench(t, "v1.2.3")
	if err := os.WriteFile(filepath.Join(b.directory, "crane"), []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	b.fail("scripts/push-release", "only a commit that was pushed from master is released")
}

func TestPublish_WantsNotesForTheVersion(t *testing.T) {
	t.Parallel()
	b := newReleaseBench(t, "v987.6.5")
	b.fail("scripts/publish", "CHANGELOG.md has no section [987.6.5]")
	if calls := b.calls(); strings.Contains(calls, "goreleaser") {
		t.Errorf("it goes on:\n%s", calls)
	}
}
