package servers

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Disk is a file system of its own, which can be full without any other being so.
type Disk struct {
	t      testing.TB
	folder string
}

// NewDisk makes a disk of that many bytes, which is there until the test ends. It fails the test unless root runs it on Linux, because
// only root mounts file systems.
func NewDisk(t testing.TB, bytes int64) *Disk {
	t.Helper()
	image, folder := filepath.Join(t.TempDir(), "disk"), t.TempDir()
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, bytes); err != nil {
		t.Fatal(err)
	}
	// Commands, because only Linux has the system calls, and tests are compiled elsewhere, too.
	run := func(name string, args ...string) {
		if output, err := exec.CommandContext(context.Background(), name, args...).CombinedOutput(); err != nil {
			t.Fatalf("a disk of its own, for which the test must be run by root: %s: %v\n%s", name, err, output)
		}
	}
	run("/usr/sbin/mkfs.ext4", "-q", "-F", "-m", "0", image)
	run("mount", "-o", "loop", image, folder)
	t.Cleanup(func() { run("umount", folder) })
	if err := os.Chmod(folder, 0o777); err != nil { //nolint:gosec // containers write to it as a user of their own
		t.Fatal(err)
	}
	return &Disk{t, folder}
}

// Fill leaves no room on the disk, until Free.
func (d *Disk) Fill() {
	d.t.Helper()
	f, err := os.Create(d.filling())
	if err != nil {
		return // not even for a name
	}
	defer f.Close()
	for size := 1 << 20; size >= 1; size /= 16 {
		for block := make([]byte, size); err == nil; {
			_, err = f.Write(block)
		}
		err = nil
	}
}

// Free gives the room back.
func (d *Disk) Free() {
	d.t.Helper()
	if err := os.Remove(d.filling()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.t.Error(err)
	}
}

func (d *Disk) filling() string { return filepath.Join(d.folder, "filling") }
