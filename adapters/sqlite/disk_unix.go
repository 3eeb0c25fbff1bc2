//go:build linux || darwin

package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// freeOnDisk returns the bytes that this user may add to the disk of a file, if
// that is known. A quota is not.
func freeOnDisk(path string) (bytes int64, known bool) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &disk); err != nil {
		return 0, false
	}
	return int64(disk.Bavail * uint64(disk.Bsize)), true
}

// syncFolder brings the names of a folder to the disk.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
