package fresh

import (
	"archive/zip"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
)

const (
	corePath    = "github.com/pisano-dev/pisano/core"
	coreVersion = "v0.1.0"
)

func TestCore_AddsOneModuleToAnImporter(t *testing.T) {
	t.Parallel()
	m := newImporter(t)
	m.write("go.mod", "module example.test/importer\n\ngo 1.26.0\n")
	m.write("main.go", `package main

import (
	"context"
	"fmt"

	"`+corePath+`/fibonacci"
)

func main() {
	text, err := fibonacci.Text(context.Background(), 100)
	fmt.Println(text, err)
}
`)
	m.goCommand("get", corePath+"@"+coreVersion)
	if printed, want := m.goCommand("run", "."), "354224848179261915075 <nil>\n"; printed != want {
		t.Errorf("the program prints %q, want %q", printed, want)
	}
	if modules, want := m.goCommand("list", "-m", "all"), "example.test/importer\n"+corePath+" "+coreVersion+"\n"; modules != want {
		t.Errorf("the modules are\n%swant\n%s", modules, want)
	}
	sums, err := os.ReadFile(filepath.Join(m.folder, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(sums), "\n"); lines != 2 {
		t.Errorf("go.sum has %d lines, want 2:\n%s", lines, sums)
	}
}

func TestCore_InstallsItsCommand(t *testing.T) {
	t.Parallel()
	m := newImporter(t)
	m.goCommand("install", corePath+"/cmd/fibonacci@"+coreVersion)
	output, err := exec.CommandContext(t.Context(), filepath.Join(m.folder, "bin", "fibonacci"), "10").CombinedOutput()
	if err != nil || string(output) != "55\n" {
		t.Errorf("fibonacci 10 prints %q, %v", output, err)
	}
}

// importer is another module, which finds core as if it were published: in a module proxy that has nothing else.
type importer struct {
	t      *testing.T
	folder string
	env    []string
}

func newImporter(t *testing.T) importer {
	t.Helper()
	m := importer{t: t, folder: t.TempDir()}
	cache := filepath.Join(m.folder, "cache")
	m.env = append(inherited(), "GOFLAGS=-modcacherw", "GOWORK=off", "GOMODCACHE="+cache, "GOBIN="+filepath.Join(m.folder, "bin"),
		"GOPROXY=file://"+filepath.ToSlash(publishCore(t)), "GONOSUMDB=*", "GOTOOLCHAIN=local")
	return m
}

func (m importer) write(name, text string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.folder, name), []byte(text), 0o644); err != nil {
		m.t.Fatal(err)
	}
}

// goCommand runs the go command in the importer's folder and returns what it printed on standard output.
func (m importer) goCommand(args ...string) string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir, command.Env = m.folder, m.env
	var complaint strings.Builder
	command.Stderr = &complaint
	output, err := command.Output()
	if err != nil {
		m.t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, complaint.String())
	}
	return string(output)
}

// publishCore writes a module proxy (https://go.dev/ref/mod#goproxy-protocol) with one version of core, made of the files
// that git tracks, and returns its folder.
func publishCore(t *testing.T) string {
	t.Helper()
	proxy := t.TempDir()
	folder := filepath.Join(proxy, filepath.FromSlash(corePath), "@v")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	core := filepath.Join(testkit.Root(), "core")
	requirements, err := os.ReadFile(filepath.Join(core, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"list":                coreVersion + "\n",
		coreVersion + ".info": `{"Version": "` + coreVersion + `"}`,
		coreVersion + ".mod":  string(requirements),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	archive, err := os.Create(filepath.Join(folder, coreVersion+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	files := zip.NewWriter(archive)
	names, err := exec.CommandContext(t.Context(), "git", "-C", core, "ls-files", "-z").Output()
	if err != nil {
		t.Fatalf("git tells which files are part of core: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(names), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(core, name))
		if err != nil {
			t.Fatal(err)
		}
		file, err := files.Create(corePath + "@" + coreVersion + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	return proxy
}
