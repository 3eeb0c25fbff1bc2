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

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestDevelopmentStack_ShowsEdits(t *testing.T) {
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
	address := nginx.Address(8080)
	if host, _, _ := strings.Cut(address, ":"); host != "127.0.0.1" {
		t.Errorf("the development stack can be reached from outside, at %s", address)
	}
	c := pisano.NewClient(t, address, "/api")
	c.APITasks()
	const said, edited, again = "There is nothing at this address.", "There is nothing here, as of now.", "There is nothing here, as polled."
	editGo(t, source, c, said, edited)
	editPage(t, source, c)

	// Again without events of files, and with the page as it was.
	edit(t, filepath.Join(source, "web/src/pages/home/HomePage.tsx"), "Any Fibonacci number, edited while the page was open", "Any Fibonacci number, every digit")
	stack.Set("PISANO_POLL=true")
	stack.Up()
	nginx.AwaitHealth("healthy")
	testkit.Eventually(t, "the system that polls", c.Ready)
	editGo(t, source, c, edited, again)
	editPage(t, source, c)
}

// editGo changes an answer of the API in the source and waits for the new answer.
func editGo(t *testing.T, source string, c *pisano.Client, said, edited string) {
	t.Helper()
	if a := c.Want(http.StatusNotFound, http.MethodGet, "/api/nothing", ""); !strings.Contains(a.Text, said) {
		t.Fatalf("before the edit: %s", a.Text)
	}
	edit(t, filepath.Join(source, "adapters/httpapi/middleware.go"), said, edited)
	took := testkit.Eventually(t, "the new answer", func() error {
		a, err := c.Do(http.MethodGet, "/api/nothing", "")
		if err == nil && !strings.Contains(a.Text, edited) {
			err = fmt.Errorf("%d %s", a.StatusCode, a.Text) // the old one, or that the API is being started
		}
		return err
	})
	t.Logf("an edit of a Go file changed the answer of the API after %.1f s", took.Seconds())
}

// editPage changes the page while it is open in a browser: web/e2e/development.ts.
func editPage(t *testing.T, source string, c *pisano.Client) {
	t.Helper()
	output, err := docker.Browser(t, "e2e:development", "PISANO_URL="+c.URL, "PISANO_SOURCE="+source)
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

// leftOut are folders that are in no image. Other tests write to some of them meanwhile.
var leftOut = []string{".git", "bin", "node_modules", "playwright-report", "test-results"}

// copyOfRepository copies the working tree to a temporary directory.
func copyOfRepository(t *testing.T) string {
	t.Helper()
	from, to := testkit.Root(), filepath.Join(t.TempDir(), "pisano")
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
