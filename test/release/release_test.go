// Package release tests what a release consists of, as `make release-check` has made it in bin/release.
package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

func TestMain(m *testing.M) { docker.Main(m) }

// folder is where goreleaser puts a release.
var folder = filepath.Join(testkit.Root(), "bin/release")

// release is the version that was made, and its commit.
type release struct{ Version, Commit string }

func readRelease(t *testing.T) release {
	t.Helper()
	var r release
	if err := json.Unmarshal(read(t, "metadata.json"), &r); err != nil {
		t.Fatal(err)
	}
	if r.Version == "" || r.Commit == "" {
		t.Fatalf("the release is %+v", r)
	}
	return r
}

// read returns the content of a file of the release.
func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatalf("%v: make release-check makes it", err)
	}
	return content
}

// unpack returns the files of an archive.
func unpack(t *testing.T, name string) map[string][]byte {
	t.Helper()
	content := read(t, name)
	var files map[string][]byte
	var err error
	if strings.HasSuffix(name, ".zip") {
		files, err = unzip(content)
	} else {
		files, err = untar(content)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return files
}

func unzip(content []byte) (map[string][]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, entry := range archive.File {
		file, err := entry.Open()
		if err != nil {
			return nil, err
		}
		if files[entry.Name], err = io.ReadAll(file); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func untar(content []byte) (map[string][]byte, error) {
	stream, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for archive := tar.NewReader(stream); ; {
		entry, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if files[entry.Name], err = io.ReadAll(archive); err != nil {
			return nil, err
		}
	}
}
