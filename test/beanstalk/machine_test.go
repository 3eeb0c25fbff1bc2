package beanstalk

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// machine is the instance that the containers run on.
type machine struct {
	id    string
	files string            // the directory that is the root of its file system
	names map[string]string // the DNS of its network: address by name
	port  string            // where port 80 is published here
}

// newMachine returns a machine with the files that .ebextensions make: the content of each by its path.
func newMachine(t *testing.T, files map[string][]byte) machine {
	t.Helper()
	m := machine{id: docker.Name("beanstalk"), files: t.TempDir(), names: map[string]string{}, port: freePort80(t)}
	for path, content := range files {
		path = filepath.Join(m.files, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o444); err != nil {
			t.Fatal(err)
		}
	}
	// The user in a container owns nothing here.
	for directory := m.files; directory != os.TempDir() && directory != "/"; directory = filepath.Dir(directory) {
		if err := os.Chmod(directory, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// freePort80 returns 80, or nothing if another program has it: then the engine chooses.
func freePort80(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:80")
	if err != nil {
		t.Logf("port 80 is not free (%v), the engine chooses another", err)
		return ""
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return "80"
}

func (m machine) containerName(name string) string { return m.id + "-" + name }

func (m machine) publish(host, container int) string {
	if host == 80 {
		return fmt.Sprintf("127.0.0.1:%s:%d", m.port, container)
	}
	return fmt.Sprintf("127.0.0.1:%d:%d", host, container)
}

func sizeInMebibytes(size int64) string { return strconv.FormatInt(size, 10) + "m" }

// peak returns the most that the processes of a container had in memory, in bytes: the sum of what each had at most.
func peak(t *testing.T, c *docker.Container) int64 {
	t.Helper()
	statuses := docker.CLI(t, "run", "--rm", "--pid", "container:"+c.ID, "--entrypoint", "sh", docker.ServerImage(t, docker.PostgresImage), "-c",
		"exec cat /proc/[0-9]*/status")
	var sizes []int64
	var name string
	for line := range strings.Lines(statuses) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch value = strings.TrimSpace(value); key {
		case "Name":
			name = value
		case "VmHWM":
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			if name != "cat" {
				sizes = append(sizes, kilobytes<<10)
			}
		}
	}
	if len(sizes) == 0 {
		t.Fatalf("no process in %s:\n%s", c.ID, statuses)
	}
	// nginx has a worker for each processor, and a t3.small has two of them: with those that manage, five processes.
	slices.SortFunc(sizes, func(a, b int64) int { return cmp.Compare(b, a) })
	var sum int64
	for _, size := range sizes[:min(len(sizes), 5)] {
		sum += size
	}
	return sum
}
