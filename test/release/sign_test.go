package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// newKey makes a key without a password, and returns the names of its private and its public file.
func newKey(t *testing.T) (private, public string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key")
	command := exec.CommandContext(t.Context(), filepath.Join(testkit.Root(), "bin/cosign"), "generate-key-pair", "--output-key-prefix", name)
	command.Env = append(os.Environ(), "COSIGN_PASSWORD=")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return name + ".key", name + ".pub"
}

// verify runs the command of docs/releases.md for signatures by a key.
func verify(t *testing.T, public, image string) error {
	t.Helper()
	_, err := docker.Try(t.Context(), "bin/cosign", "verify", "--key", public, "--insecure-ignore-tlog", image)
	return err
}

func TestPush_SignsIndexesAndTheirImagesWithAKey(t *testing.T) {
	t.Parallel()
	registry, commit, names := newImages(t)
	if printed := script(t, "scripts/push", registry, "PISANO_TAG="+commit, "PISANO_COSIGN_KEY="); !strings.Contains(printed, "PISANO_COSIGN_KEY is not set") {
		t.Errorf("without a key it prints\n%s", printed)
	}
	private, public := newKey(t)
	_, other := newKey(t)
	refused := func(what, public, image, because string) {
		t.Helper()
		if err := verify(t, public, image); err == nil || !strings.Contains(err.Error(), because) {
			t.Errorf("%s, %s: %v", what, image, err)
		}
	}
	for _, name := range names {
		refused("an image that was pushed without a key", public, name+":"+commit, "no signatures found")
	}

	script(t, "scripts/push", registry, "PISANO_TAG="+commit, "PISANO_COSIGN_KEY="+private, "COSIGN_PASSWORD=")
	for _, name := range names {
		images := []string{name + ":" + commit, name + ":latest", name + "@" + crane(t, "digest", name+":"+commit)}
		for _, architecture := range architectures {
			images = append(images, name+"@"+crane(t, "digest", "--platform", "linux/"+architecture, name+":"+commit))
		}
		for _, image := range images {
			if err := verify(t, public, image); err != nil {
				t.Error(err)
			}
		}
		refused("the key of another", other, images[0], "signatures do not match")
	}

	// Whoever may push moves the tag of the worker to another image, with a signature that is not its own.
	worker, signed := names[4], crane(t, "digest", names[4]+":"+commit)
	crane(t, "index", "append", "--tag", worker+":"+commit, "--manifest", names[3]+":"+commit+"-arm64")
	moved := crane(t, "digest", worker+":"+commit)
	if moved == signed {
		t.Fatal("the tag did not move")
	}
	refused("a tag that was moved", public, worker+":"+commit, "no signatures found")
	refused("an image that was not signed", public, worker+"@"+moved, "no signatures found")
	if err := verify(t, public, worker+"@"+signed); err != nil {
		t.Error(err)
	}
}
