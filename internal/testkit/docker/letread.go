package docker

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// LetRead lets every user read folders of the repository, whatever the umask of its checkout was: containers that mount them run as
// other users than their owner.
func LetRead(t testing.TB, folders ...string) {
	t.Helper()
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(testkit.Root(), folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := entry.Info()
			if err != nil {
				return err
			}
			wanted := info.Mode().Perm() | 0o444
			if entry.IsDir() {
				wanted |= 0o111
			}
			if wanted == info.Mode().Perm() {
				return nil
			}
			return os.Chmod(path, wanted)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
