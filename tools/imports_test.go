// Package tools tests the import rules of the linter's configuration.
package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestLinter_RefusesForbiddenImports(t *testing.T) {
	t.Parallel()
	linter, err := filepath.Abs("../bin/golangci-lint")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(linter); err != nil {
		t.Fatal("the linter is not built; run make lint")
	}
	for name, test := range map[string]struct{ folder, pkg, imported, forbidden string }{
		"fx in the domain":            {"core", "core", "go.uber.org/fx", "core"},
		"a library in the domain":     {"core/fibonacci", "fibonacci", "github.com/jackc/pgx/v5", "core"},
		"fx in an adapter":            {"adapters/sqlite", "sqlite", "go.uber.org/fx", "fx-lives-in-cmd"},
		"an adapter in another":       {"adapters/httpapi", "httpapi", "github.com/pisano-dev/pisano/adapters/sqlite", "httpapi"},
		"SQLite in Redis":             {"adapters/redis", "redis", "github.com/pisano-dev/pisano/adapters/sqlite", "redis"},
		"Redis in Postgres":           {"adapters/postgres", "postgres", "github.com/pisano-dev/pisano/adapters/redis", "postgres"},
		"a program in an adapter":     {"adapters/sqlite", "sqlite", "github.com/pisano-dev/pisano/cmd/internal/config", "fx-lives-in-cmd"},
		"a foreign library in one":    {"adapters/sqlite", "sqlite", "github.com/redis/go-redis/v9", "sqlite"},
		"its own library may be":      {"adapters/redis", "redis", "github.com/redis/go-redis/v9", ""},
		"what adapters share may be":  {"adapters/redis", "redis", "github.com/pisano-dev/pisano/adapters/internal/notify", ""},
		"Redis in what they share":    {"adapters/internal/notify", "notify", "github.com/redis/go-redis/v9", "adapters-internal"},
		"a metric in an adapter":      {"adapters/redis", "redis", "github.com/prometheus/client_golang/prometheus", "redis"},
		"a metric in a test helper":   {"internal/testkit", "testkit", "github.com/prometheus/client_golang/prometheus", "telemetry-lives-in-cmd"},
		"the domain in a client":      {"clients/go", "pisano", "github.com/pisano-dev/pisano/core", "clients"},
		"the domain in itself may be": {"core", "core", "github.com/pisano-dev/pisano/core/decimal", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output := lint(t, linter, test.folder, "package "+test.pkg+"\n\nimport _ \""+test.imported+"\"\n")
			refused := strings.Contains(output, "depguard") && strings.Contains(output, test.imported)
			if refused != (test.forbidden != "") || test.forbidden != "" && !strings.Contains(output, "'"+test.forbidden+"'") {
				t.Errorf("the linter reports:\n%s", output)
			}
		})
	}
}

// lint returns the linter's report on a package with one file, under the
// configuration of this repository.
func lint(t *testing.T, linter, folder, file string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "core/go.mod", "clients/go/go.mod", ".golangci.yml"} {
		text, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(root, name), string(text))
	}
	write(t, filepath.Join(root, folder, "planted.go"), file)
	command := exec.CommandContext(t.Context(), linter, "run", "--enable-only", "depguard", "--allow-parallel-runners", ".")
	command.Dir = filepath.Join(root, folder)
	output, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return string(output)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
