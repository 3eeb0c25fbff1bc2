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
	for _, name := range []string{"crane", "goreleaser"} {
		if err := os.WriteFile(filepath.Join(b.directory, name), []byte(recorder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	b.environment = append(b.environment, "GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/tags/"+tag, "GITHUB_TOKEN=hunter2")
	return b
}

func TestPushRelease_TagsNothingBeforeAllImagesAreFound(t *testing.T) {
	t.Parallel()
	b := newReleaseBench(t, "v1.2.3")
	image := "crane digest example.com/pisano/pisano"
	inOrder(t, b.succeed("scripts/push-release"), "docker login ", image+":", image+"-client:", image+"-nginx:", image+"-api:", image+"-worker:",
		"crane tag example.com/pisano/pisano:", " 1.2.3\n")
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
