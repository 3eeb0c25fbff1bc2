package pisano_test

import (
	"archive/zip"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module, version = "github.com/pisano-dev/pisano/clients/go", "v1.0.0"

// A module proxy serves a module as a zip file.
func TestModule_WorksFromAZip(t *testing.T) {
	t.Parallel()
	proxy, consumer := t.TempDir(), t.TempDir()
	versions := filepath.Join(proxy, filepath.FromSlash(module), "@v")
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := exec.CommandContext(t.Context(), "go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		os.MkdirAll(versions, 0o755),
		os.WriteFile(filepath.Join(versions, version+".info"), []byte(`{"Version": "`+version+`"}`), 0o600),
		os.WriteFile(filepath.Join(versions, version+".mod"), mod, 0o600),
		zipModule(filepath.Join(versions, version+".zip")),
		os.WriteFile(filepath.Join(consumer, "go.mod"), []byte("module example.org/consumer\n\ngo 1.26.0\n\nrequire "+module+" "+version+"\n"), 0o600),
		os.WriteFile(filepath.Join(consumer, "main.go"), []byte(`package main

import (
	"fmt"

	pisano "`+module+`"
)

func main() {
	_, err := pisano.New("http://localhost:8080/api")
	fmt.Println(pisano.Value{Index: 10, Value: "55"}, err)
}
`), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	program := exec.CommandContext(t.Context(), "go", "run", "-mod=mod", ".")
	program.Dir = consumer
	program.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-modcacherw", "GOSUMDB=off", "GOMODCACHE="+t.TempDir(),
		"GOPROXY=file://"+proxy+",file://"+filepath.Join(strings.TrimSpace(string(cache)), "cache", "download"))
	if output, err := program.CombinedOutput(); err != nil || !strings.HasSuffix(string(output), "F(10) = 55 <nil>\n") {
		t.Errorf("%v: %s", err, output)
	}
}

// zipModule writes the files of this module as a module proxy serves them.
func zipModule(name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	archive := zip.NewWriter(file)
	err = filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		w, err := archive.Create(module + "@" + version + "/" + filepath.ToSlash(path))
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	})
	return errors.Join(err, archive.Close(), file.Close())
}
