//go:build !linux

package sqlite

import "os"

// dataFile is a file.
type dataFile struct{ *os.File }
