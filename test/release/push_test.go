package release

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// startRegistry starts a registry of this machine, which ends with the test, and returns its address.
func startRegistry(t *testing.T) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(testkit.Root(), "bin/crane"), "registry", "serve", "--address", "127.0.0.1:0")
	output, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill() // fails if it has ended already
		_ = command.Wait()
	})
	port := regexp.MustCompile(`serving on port (\d+)`)
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if match := port.FindStringSubmatch(lines.Text()); match != nil {
			go func() { _, _ = io.Copy(io.Discard, output) }() // its log, or it waits for a reader
			return "127.0.0.1:" + match[1]
		}
	}
	t.Fatalf("the registry does not say where it is: %v", lines.Err())
	return ""
}

func crane(t *testing.T, arguments ...string) string {
	t.Helper()
	output, err := docker.Try(t.Context(), "bin/crane", arguments...)
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// architectures are those that images are pushed for.
var architectures = []string{"amd64", "arm64"}

// buildImages builds an empty image in the place of each of Pisano's, for each architecture, as make images and make images-arm64 name them.
func buildImages(t *testing.T, registry, commit string) (names []string) {
	t.Helper()
	for _, name := range []string{"pisano", "pisano-client", "pisano-nginx", "pisano-api", "pisano-worker"} {
		names = append(names, registry+"/"+name)
		for _, architecture := range architectures {
			image := registry + "/" + name + ":" + commit
			if architecture != "amd64" {
				image += "-" + architecture
			}
			build := `source scripts/common.sh; export DOCKER_BUILDKIT=1 BUILDX_NO_DEFAULT_ATTESTATIONS=1; "$(buildkit_client)" build --quiet --platform "linux/$0" --label "name=$1" --tag "$2" test/release/empty`
			if _, err := docker.Try(t.Context(), "bash", "-c", build, architecture, name, image); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				for _, tag := range []string{image, registry + "/" + name + ":" + commit + "-" + architecture} {
					// One is removed with the other, where they are the same.
					_, _ = docker.Try(context.Background(), "docker", "image", "rm", tag)
				}
			})
		}
	}
	return names
}

// script runs a script of a delivery, and returns what it printed. Settings are those of a service, or of none.
func script(t *testing.T, name, registry string, settings ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), name)
	command.Path, command.Dir, command.WaitDelay = name, testkit.Root(), time.Second
	command.Env = append(os.Environ(), "PATH="+filepath.Join(testkit.Root(), "bin")+":"+os.Getenv("PATH"), "PISANO_REGISTRY="+registry,
		"GITHUB_ACTIONS=", "TRAVIS=", "DOCKER_USERNAME=", "DOCKER_CONFIG="+t.TempDir())
	command.Env = append(command.Env, settings...)
	output, err := command.CombinedOutput()
	if err != nil || strings.Contains(string(output), "hunter2") {
		t.Fatalf("%s: %v\n%s", name, err, output)
	}
	return string(output)
}

// newImages starts a registry and builds images for it, of the commit that is checked out. It returns their names, without a tag.
func newImages(t *testing.T) (registry, commit string, names []string) {
	t.Helper()
	registry = startRegistry(t) + "/pisano"
	commit, err := docker.Try(t.Context(), "git", "rev-parse", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	return registry, commit, buildImages(t, registry, commit)
}

func TestPush_MakesIndexesThatReleaseAndDeploymentTakeByTheirDigests(t *testing.T) {
	t.Parallel()
	registry, commit, names := newImages(t)
	printed := script(t, "scripts/push", registry, "PISANO_TAG="+commit)
	tested := map[string]string{}
	for _, name := range names {
		digest := crane(t, "digest", name+":"+commit)
		tested[name] = digest
		if latest := crane(t, "digest", name+":latest"); latest != digest || !strings.Contains(printed, digest) {
			t.Errorf("%s is %s, its latest %s; it prints\n%s", name, digest, latest, printed)
		}
		for _, architecture := range architectures {
			id := docker.CLI(t, "image", "inspect", "--format", "{{.Id}}", name+":"+commit+"-"+architecture)
			// An engine takes the digest of the configuration or that of the manifest for the id of an image.
			part := crane(t, "digest", "--platform", "linux/"+architecture, name+"@"+digest)
			if manifest := crane(t, "manifest", name+"@"+part); part != id && !strings.Contains(manifest, id) {
				t.Errorf("%s for %s is not the image that was tested, %s: %s\n%s", name, architecture, id, part, manifest)
			}
		}
	}
	digests := script(t, "scripts/digests", registry, "PISANO_TAG="+commit)
	for _, name := range []string{"client", "nginx", "api", "worker"} {
		if !slices.Contains(strings.Fields(digests), name+"="+tested[registry+"/pisano-"+name]) {
			t.Errorf("the digests of a deployment are %s, those pushed %v", digests, tested)
		}
	}

	// gh of GitHub, which verifies the images of this commit.
	programs := t.TempDir()
	gh := "#!/bin/sh\ncase \"$*\" in *' --source-digest " + commit + " '*) exit 0 ;; esac\nexit 1\n"
	if err := os.WriteFile(filepath.Join(programs, "gh"), []byte(gh), 0o755); err != nil {
		t.Fatal(err)
	}
	script(t, "scripts/push-release", registry, "GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/tags/v9.8.7",
		"GITHUB_REPOSITORY=pisano-dev/pisano", "DOCKER_USERNAME=pisano", "DOCKER_PASSWORD=hunter2",
		"PATH="+programs+":"+filepath.Join(testkit.Root(), "bin")+":"+os.Getenv("PATH"))
	for image, digest := range tested {
		if is := crane(t, "digest", image+":9.8.7"); is != digest {
			t.Errorf("%s is released as %s; %s was tested", image, is, digest)
		}
	}
}
