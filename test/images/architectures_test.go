package images_test

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// image is an image that `make images` or `make images-arm64` has built.
type image struct {
	name         string
	tag          string
	architecture string
	foreign      bool // for another architecture than the engine's
}

func (i image) String() string { return i.name + " for " + i.architecture }

// platform are the options by which Docker takes an image for another architecture.
func (i image) platform() []string {
	if !i.foreign {
		return nil
	}
	return []string{"--platform", "linux/" + i.architecture}
}

func (i image) inspect(t *testing.T, format string) string {
	t.Helper()
	return docker.CLI(t, "image", "inspect", "--format", format, i.tag)
}

// run starts a container, emulated if the image is foreign.
func (i image) run(t *testing.T, options ...string) *docker.Container {
	t.Helper()
	if i.foreign {
		i.tag = i.emulated(t)
	}
	return docker.Run(t, slices.Concat(i.platform(), options, []string{i.tag})...)
}

// emulated returns an image that differs from that of a program in an emulator before each command: the kernel need not know how to run
// programs of other architectures. The image is removed with the test.
func (i image) emulated(t *testing.T) string {
	t.Helper()
	const emulator = "/emulator"
	commands := func(arguments ...string) string {
		text, err := json.Marshal(slices.Concat([]string{emulator, "/" + i.name}, arguments))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	container := docker.CLI(t, slices.Concat([]string{"create"}, i.platform(), []string{i.tag})...)
	defer docker.CLI(t, "rm", "--volumes", container)
	docker.CLI(t, "cp", "--follow-link", "/usr/bin/qemu-aarch64-static", container+":"+emulator)
	tag := docker.Name("emulated")
	docker.CLI(t, "commit", "--change", "ENTRYPOINT "+commands(), "--change", "HEALTHCHECK --interval=2s --timeout=30s --start-period=60s CMD "+commands("health"), container, tag)
	t.Cleanup(func() {
		if _, err := docker.Try(context.Background(), "docker", "image", "rm", tag); err != nil {
			t.Error(err)
		}
	})
	return tag
}

// architectures are those of the images: the engine's and, on an engine for amd64, arm64.
func architectures(t *testing.T) []string {
	t.Helper()
	own := docker.CLI(t, "version", "--format", "{{.Server.Arch}}")
	if own == "arm64" {
		return []string{own}
	}
	return []string{own, "arm64"}
}

// built are all images. Where an image stands in for that of nginx, there are none of client and nginx for arm64.
func built(t *testing.T) []image {
	t.Helper()
	own := architectures(t)[0]
	var all []image
	for _, name := range images {
		all = append(all, image{name, docker.Image(name), own, false})
	}
	for _, architecture := range architectures(t)[1:] {
		for _, name := range images {
			standIn := strings.HasPrefix(os.Getenv("PISANO_NGINX_IMAGE"), "pisano-test/")
			if !standIn || slices.Contains(programs, name) {
				all = append(all, image{name, docker.Image(name) + "-" + architecture, architecture, true})
			}
		}
	}
	return all
}

// ofPrograms are the images that hold a single program.
func ofPrograms(t *testing.T) []image {
	t.Helper()
	return slices.DeleteFunc(built(t), func(i image) bool { return !slices.Contains(programs, i.name) })
}

// imageFor returns the image of a name for an architecture or, if there is none, for the engine's.
func imageFor(t *testing.T, name, architecture string) image {
	t.Helper()
	var found image
	for _, i := range built(t) {
		if i.name == name && (!i.foreign || i.architecture == architecture) {
			found = i
		}
	}
	return found
}

func TestImages_AreForTheirArchitecture(t *testing.T) {
	t.Parallel()
	machines := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}
	for _, i := range built(t) {
		if is := i.inspect(t, "{{.Os}}/{{.Architecture}}"); is != "linux/"+i.architecture {
			t.Errorf("%v is for %s", i, is)
		}
		program := i.name
		if !slices.Contains(programs, i.name) {
			program = "usr/sbin/nginx"
		}
		file, err := elf.NewFile(bytes.NewReader(filesOf(t, i)[program]))
		if err != nil {
			t.Fatalf("%s in %v: %v", program, i, err)
		}
		if file.Machine != machines[i.architecture] {
			t.Errorf("%s in %v is for %v", program, i, file.Machine)
		}
	}
}
