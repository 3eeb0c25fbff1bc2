//go:build unix

package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// takeOwner gives a file that root has made the owner of the file that it is to
// replace, or of their folder if there is none, so that a service under a user of
// its own can open it.
func takeOwner(file, replaced string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(replaced)
	if errors.Is(err, fs.ErrNotExist) {
		info, err = os.Stat(filepath.Dir(replaced))
	}
	if err != nil {
		return err
	}
	owner := info.Sys().(*syscall.Stat_t)
	return os.Chown(file, int(owner.Uid), int(owner.Gid))
}
