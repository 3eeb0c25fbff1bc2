package images_test

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// The user of the images of programs.
const nonroot = 65532

func TestOneImage_KeepsWhatItCalculatedInAVolume(t *testing.T) {
	t.Parallel()
	for _, architecture := range architectures(t) {
		t.Run(architecture, func(t *testing.T) {
			t.Parallel()
			keepInVolume(t, imageFor(t, "pisano", architecture))
		})
	}
}

func keepInVolume(t *testing.T, one image) {
	t.Helper()
	container := startOne(t, one, docker.Volume(t))
	c := clientOf(t, container)
	if page := c.Want(http.StatusOK, http.MethodGet, "/", ""); !strings.Contains(page.Text, "<title>") || !strings.Contains(page.Text, "/assets/") {
		t.Errorf("the page is %.200q", page.Text)
	}
	const large = 1_000_000
	c.MustSubmit(1000, large)
	want, err := fibonacci.Text(t.Context(), 1000)
	if v := c.Await(1000); err != nil || v.Value != want {
		t.Errorf("F(1000) is %q (%v)", v.Value, err)
	}
	if v := c.Await(large); !strings.HasSuffix(v.Trailing, fmt.Sprintf("%018d", fibonacci.Mod(large, 1e18))) || v.DigitCount != fibonacci.DigitCount(large) {
		t.Errorf("F(%d) has %d digits and ends with %s", large, v.DigitCount, v.Trailing)
	}

	container.Kill()
	container.Start()
	if v, err := clientOf(t, container).State(1000); err != nil || v.Value != want {
		t.Errorf("after it was killed: %+v, %v", v, err)
	}
	for name, uid := range ownersOf(t, container, "/data") {
		if uid != nonroot {
			t.Errorf("%s in the volume is of user %d", name, uid)
		}
	}
}

// The image has no shell and no file of the host, so a backup passes through its standard output and input.
func TestOneImage_IsBackedUpAndRestored(t *testing.T) {
	t.Parallel()
	one := imageFor(t, "pisano", "")
	container := startOne(t, one, docker.Volume(t))
	c := clientOf(t, container)
	c.MustSubmit(1000)
	want := c.Await(1000).Value
	backup := stream(t, nil, "exec", container.ID, "/pisano", "backup", "-")

	volume := docker.Volume(t)
	stream(t, backup, slices.Concat([]string{"run", "--rm", "--interactive", "--volume", volume + ":/data"}, confined, []string{docker.Image("pisano"), "restore", "-"})...)
	if v, err := clientOf(t, startOne(t, one, volume)).State(1000); err != nil || v.Value != want {
		t.Errorf("restored: %+v, %v", v, err)
	}
}

// startOne starts a container of everything, with as few rights as possible, on a volume.
func startOne(t *testing.T, one image, volume string) *docker.Container {
	t.Helper()
	container := one.run(t, slices.Concat(confined, []string{"--volume", volume + ":/data", "--publish", "127.0.0.1::8080"})...)
	container.AwaitHealth("healthy")
	return container
}

// stream runs the Docker client with an input and returns its output.
func stream(t *testing.T, input []byte, arguments ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testkit.HangTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, "docker", arguments...)
	var problems bytes.Buffer
	command.Stdin, command.Stderr = bytes.NewReader(input), &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("docker %q: %v\n%s", arguments, err, problems.String())
	}
	return output
}

// clientOf returns a client of a container of everything, once that is ready.
func clientOf(t *testing.T, container *docker.Container) *pisano.Client {
	t.Helper()
	c := pisano.NewClient(t, container.Address(8080), "/api")
	testkit.Eventually(t, "the program", c.Ready)
	return c
}

// ownersOf returns the owners of a folder in a container and of all that is in it, the data file included. The image has no shell to
// list them.
func ownersOf(t *testing.T, container *docker.Container, folder string) map[string]int {
	t.Helper()
	owners := map[string]int{}
	archive := tar.NewReader(bytes.NewReader(stream(t, nil, "cp", "--archive", container.ID+":"+folder, "-")))
	for entry, err := archive.Next(); err == nil; entry, err = archive.Next() {
		owners[path.Clean(entry.Name)] = entry.Uid
	}
	for _, name := range []string{"data", "data/pisano.db"} {
		if _, there := owners[name]; !there {
			t.Fatalf("%s is missing among %v", name, owners)
		}
	}
	return owners
}
