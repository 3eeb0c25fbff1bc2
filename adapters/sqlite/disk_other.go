//go:build !linux && !darwin

package sqlite

// freeOnDisk returns the bytes that this user may add to the disk of a file, if
// that is known.
func freeOnDisk(string) (bytes int64, known bool) { return 0, false }

// syncFolder brings the names of a folder to the disk, where that is possible.
func syncFolder(string) error { return nil }
