package release

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// billOf runs the command of docs/releases.md for the bill of materials that is attested for an image by a key, and returns the package
// URLs of what the image is made of.
func billOf(t *testing.T, public, image string) ([]string, error) {
	t.Helper()
	output, err := docker.Try(t.Context(), "bin/cosign", "verify-attestation", "--type", "cyclonedx", "--key", public, "--insecure-ignore-tlog", image)
	if err != nil {
		return nil, err
	}
	var envelope struct{ Payload []byte }
	var statement struct {
		Predicate struct {
			BOMFormat  string `json:"bomFormat"`
			Components []struct {
				PURL string `json:"purl"`
			}
		}
	}
	_, line, _ := strings.Cut(output, "{") // after what cosign says of the verification
	if err := json.Unmarshal([]byte("{"+line), &envelope); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(envelope.Payload, &statement); err != nil {
		return nil, err
	}
	if statement.Predicate.BOMFormat != "CycloneDX" {
		return nil, fmt.Errorf("what is attested for %s is no bill of materials: %s", image, envelope.Payload)
	}
	var parts []string
	for _, component := range statement.Predicate.Components {
		parts = append(parts, component.PURL)
	}
	return parts, nil
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
			image := name + "@" + crane(t, "digest", "--platform", "linux/"+architecture, name+":"+commit)
			images = append(images, image)
			if _, err := billOf(t, public, image); err != nil {
				t.Error(err)
			}
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

// dpkg is a database of dpkg with a package that was removed.
const dpkg = `Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.41-12+deb13u1
Description: GNU C Library
 Shared libraries
Depends: libgcc-s1

Package: libstdc++6
Status: install ok installed
Architecture: amd64
Version: 14.2.0-19

Package: nginx
Status: install ok installed
Architecture: all
Version: 1:1.28.0-1

Package: vim
Status: deinstall ok config-files
Architecture: amd64
Version: 9.1
`

func TestSign_AttestsWhatAnImageIsMadeOf(t *testing.T) {
	t.Parallel()
	program := unpack(t, "pisano-servers_"+readRelease(t).Version+"_linux_amd64.tar.gz")["pisano-api"]
	var content bytes.Buffer
	layer := tar.NewWriter(&content)
	for _, file := range []struct {
		name    string
		mode    int64
		content []byte
	}{
		{"usr/bin/pisano-api", 0o755, program},
		{"var/lib/dpkg/status", 0o644, []byte(dpkg)},
		{"usr/lib/os-release", 0o644, []byte("ID=debian\nVERSION_ID=\"13\"\n")},
	} {
		if err := layer.WriteHeader(&tar.Header{Name: file.name, Mode: file.mode, Size: int64(len(file.content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := layer.Write(file.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := layer.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "layer.tar")
	if err := os.WriteFile(name, content.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	registry := startRegistry(t) + "/pisano"
	image := registry + "/pisano-api"
	crane(t, "append", "--new_layer", name, "--new_tag", image+":1")
	digest := crane(t, "digest", image+":1")
	private, public := newKey(t)
	_, other := newKey(t)
	script(t, "scripts/sign", registry, "PISANO_DIGESTS=api="+digest, "PISANO_COSIGN_KEY="+private, "COSIGN_PASSWORD=")

	parts, err := billOf(t, public, image+"@"+digest)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"pkg:deb/debian/libc6@2.41-12%2Bdeb13u1?arch=amd64&distro=debian-13", "pkg:deb/debian/nginx@1:1.28.0-1?arch=all&distro=debian-13",
		"pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=debian-13",
		"pkg:golang/github.com/jackc/pgx/v5@", "pkg:golang/github.com/redis/go-redis/v9@", "pkg:golang/std@1.",
	} {
		if !slices.ContainsFunc(parts, func(part string) bool { return strings.HasPrefix(part, want) }) {
			t.Errorf("%s is not in the bill: %q", want, parts)
		}
	}
	if slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(part, "vim") }) {
		t.Errorf("a package that was removed is in the bill: %q", parts)
	}
	if _, err := billOf(t, other, image+"@"+digest); err == nil {
		t.Error("the key of another verifies the bill")
	}
}
