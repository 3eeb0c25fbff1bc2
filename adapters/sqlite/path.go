package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// SQLite keeps up to three more files beside a database, named by a suffix.
const (
	walSuffix     = "-wal"     // what is committed and not yet in the database
	shmSuffix     = "-shm"     // the index of that
	journalSuffix = "-journal" // what a broken commit is rolled back with
)

// maxPath is the length in bytes of the longest path that SQLite accepts,
// including the longest suffix.
const maxPath = 512

// locate returns the absolute path of the data file, with links resolved. It
// makes sure that a regular file is there or can be created. It creates the
// folder, and nothing else.
func locate(file string) (string, error) {
	if file == "" || os.IsPathSeparator(file[len(file)-1]) {
		return "", refused(file, "is named as a folder; name a file, such as "+filepath.Join(file, "pisano.db"), nil)
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return "", cannotOpen(file, err)
	}
	if absolute, err = resolve(absolute); err != nil {
		return "", cannotOpen(file, err)
	}
	if len(absolute)+len(journalSuffix) > maxPath {
		return "", refused(file, fmt.Sprintf("has a path of %d bytes; at most %d are possible", len(absolute), maxPath-len(journalSuffix)), nil)
	}
	// A name may be just short enough, and the names of the files beside it too
	// long.
	if _, err := os.Lstat(absolute + journalSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", cannotOpen(file, err)
	}
	return absolute, nil
}

// resolve follows the links of a path whose last element need not exist.
func resolve(path string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return "", refused(path, "is a folder; name a file, such as "+filepath.Join(path, "pisano.db"), nil)
	case err == nil && !info.Mode().IsRegular():
		return "", refused(path, "is a "+kindOf(info)+", not a file", nil)
	case err == nil:
		return filepath.EvalSymlinks(path)
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	if target, err := os.Readlink(path); err == nil {
		return "", refused(path, "is a symbolic link to "+target+", where there is no file", nil)
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", refused(path, "is in a folder that is not there and can't be made", err)
	}
	folder, err = filepath.EvalSymlinks(folder)
	return filepath.Join(folder, filepath.Base(path)), err
}

// kindOf returns the name of the kind of a thing that is not a regular file.
func kindOf(info fs.FileInfo) string {
	switch mode := info.Mode(); {
	case mode&fs.ModeNamedPipe != 0:
		return "named pipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	case mode&fs.ModeDevice != 0:
		return "device"
	}
	return "special file"
}

// dsn returns the data source name with which the driver opens a file.
func dsn(path string, query url.Values) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query.Encode()}).String()
}
