package development

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestEditsAreSeenInTheRunningDevelopmentStack(t *testing.T) {
	t.Parallel()
	source := copyOfRepository(t)
	stack := docker.Compose(t, "development", filepath.Join(source, "docker-compose.yml"), "PISANO_PORT=0")
	begin := time.Now()
	stack.Build()
	built := time.Now()
	stack.Up()
	t.Logf("the images were built, or found built, after %.1f s, the stack was up and healthy %.1f s later",
		built.Sub(begin).Seconds(), time.Since(built).Seconds())

	nginx := stack.Only("nginx")
	nginx.AwaitHealth("healthy")
	door := nginx.Address(8080)
	if host, _, _ := strings.Cut(door, ":"); host != "127.0.0.1" {
		t.Errorf("the development stack can be reached from outside, at %s", door)
	}
	s := pisano.New(door)
	s.Programs(t)
	editGo(t, source, s)
	editPage(t, source, s)
}

// editGo changes what the API says and waits until it says so.
func editGo(t *testing.T, source string, s *pisano.Site) {
	t.Helper()
	const said, edited = "There is nothing at this address.", "There is nothing here, as of now."
	asked := func() string {
		return string(s.Want(t, http.StatusNotFound, http.MethodGet, "/api/nothing", nil).Body)
	}
	if answer := asked(); !strings.Contains(answer, said) {
		t.Fatalf("before the edit: %s", answer)
	}
	edit(t, filepath.Join(source, "adapters/httpapi/middleware.go"), said, edited)
	took := docker.Eventually(t, "the new answer", func() error {
		a, err := s.Do(t.Context(), http.MethodGet, "/api/nothing", nil)
		if err == nil && !bytes.Contains(a.Body, []byte(edited)) {
			err = fmt.Errorf("%d %s", a.Status, a.Body) // the old one, or that the API is being started
		}
		return err
	})
	t.Logf("an edit of a Go file changed the answer of the API after %.1f s", took.Seconds())
}

// editPage has a browser open the page, and changes it meanwhile: web/e2e/development.ts.
func editPage(t *testing.T, source string, s *pisano.Site) {
	t.Helper()
	output, err := docker.Browser(t, "e2e:development", "PISANO_URL="+s.URL, "PISANO_SOURCE="+source)
	if err != nil {
		t.Fatalf("the browser: %v\n%s", err, output)
	}
	for line := range strings.Lines(output) {
		if _, measured, found := strings.Cut(line, "measured: "); found {
			t.Log(strings.TrimSpace(measured))
		}
	}
}

func edit(t *testing.T, file, from, to string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(text, []byte(from)) != 1 {
		t.Fatalf("%s does not hold %q once", file, from)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte(from), []byte(to), 1), 0o644); err != nil {
		t.Fatal(err)
	}
}

// leftOut are folders that no container is made of. Other tests write to some of them meanwhile.
var leftOut = []string{".git", "bin", "node_modules", "playwright-report", "test-results"}

// copyOfRepository copies what is worked on to a directory of the test's own.
func copyOfRepository(t *testing.T) string {
	t.Helper()
	from, to := docker.Root(), filepath.Join(t.TempDir(), "pisano")
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && slices.Contains(leftOut, entry.Name()):
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		case !entry.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), text, info.Mode()|0o444) // the containers have other users
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}
