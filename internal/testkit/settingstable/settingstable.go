// Package settingstable reads docs/settings.md for the tests that compare the table with the programs. Only tests import it.
package settingstable

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
)

var (
	row  = regexp.MustCompile("(?m)^\\| (`[A-Z][^|]*)\\|")
	name = regexp.MustCompile("`([A-Z][A-Z0-9_]+)`")
)

// Variables returns the variables that have a row, each once, sorted by name.
func Variables(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(), "docs/settings.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, cells := range row.FindAllStringSubmatch(string(text), -1) {
		for _, variable := range name.FindAllStringSubmatch(cells[1], -1) {
			if seen[variable[1]] {
				t.Errorf("docs/settings.md has %s twice", variable[1])
			}
			seen[variable[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// Check fails the test unless it has a case for each variable of the table that concerns it, and for no other.
func Check[C any](t testing.TB, cases map[string]C, concerns func(variable string) bool) {
	t.Helper()
	documented := slices.DeleteFunc(Variables(t), func(variable string) bool { return !concerns(variable) })
	tested := slices.Sorted(maps.Keys(cases))
	for _, variable := range documented {
		if !slices.Contains(tested, variable) {
			t.Errorf("docs/settings.md has %s, and no case tests it", variable)
		}
	}
	for _, variable := range tested {
		if !slices.Contains(documented, variable) {
			t.Errorf("%s has a case, and no row in docs/settings.md", variable)
		}
	}
}

// InModule returns what the first group of a pattern matches in the Go sources of a module, without its tests.
func InModule(t testing.TB, module, pattern string) []string {
	t.Helper()
	folder, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatalf("%s: %v", module, err)
	}
	matcher, seen := regexp.MustCompile(pattern), map[string]bool{}
	err = filepath.WalkDir(strings.TrimSpace(string(folder)), func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, match := range matcher.FindAllStringSubmatch(string(source), -1) {
			seen[match[1]] = true
		}
		return err
	})
	if err != nil || len(seen) == 0 {
		t.Fatalf("the sources of %s have no %s: %v", module, pattern, err)
	}
	return slices.Sorted(maps.Keys(seen))
}
