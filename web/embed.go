// Package web hands the built page to the programs that serve it.
package web

import (
	"embed"
	"io/fs"
)

// The page is built by npm, not by go: on a clean clone dist holds nothing but
// a placeholder, so that everything compiles before the first build.
//
//go:embed all:dist
var dist embed.FS

// Files returns the files of the built page: index.html at the root, scripts
// and styles under assets/ with a hash in their names.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the path is a constant, and a valid one
	}
	return files
}
