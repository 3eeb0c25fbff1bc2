package sqlite

import (
	"errors"
	"os"
	"syscall"
)

// dataFile is a file whose Sync leaves out the metadata that reading does not need.
type dataFile struct{ *os.File }

// Sync brings the contents to the disk.
func (f dataFile) Sync() error {
	for {
		if err := syscall.Fdatasync(int(f.Fd())); !errors.Is(err, syscall.EINTR) {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}
