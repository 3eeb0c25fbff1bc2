// Package web embeds the built page.
package web

import (
	"embed"
	"io/fs"
)

// The page is built by npm, not by go. In a fresh clone dist has only a
// placeholder, so that the package compiles before the first build.
//
//go:embed all:dist
var dist embed.FS

// Files returns the files of the built page: index.html at the root, and scripts
// and styles under assets/, with a hash in their names.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // unreachable: the path is valid
	}
	return files
}
