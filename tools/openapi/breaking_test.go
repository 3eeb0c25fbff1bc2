// Package openapi holds what the OpenAPI document is checked with, and what
// the Go client is generated with.
package openapi_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const document = "../../openapi.yaml"

func TestDocumentBreaksNoClientOfTheLastRelease(t *testing.T) {
	t.Parallel()
	base := released(t)
	if output, broken := breaking(t, base+":openapi.yaml", document); broken {
		t.Errorf("clients made for %s would break:\n%s", base, output)
	}
}

func TestRemovedFieldIsFound(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	const field = "\n        digitCount:\n"
	if strings.Count(string(text), field) == 0 {
		t.Fatal("the document has no field to remove")
	}
	planted := filepath.Join(t.TempDir(), "openapi.yaml")
	removed := strings.ReplaceAll(string(text), field, "\n        count:\n")
	if err := os.WriteFile(planted, []byte(removed), 0o644); err != nil {
		t.Fatal(err)
	}
	if output, broken := breaking(t, document, planted); !broken || !strings.Contains(output, "digitCount") {
		t.Errorf("nothing was found but:\n%s", output)
	}
}

// breaking returns what would break a client of a document with another.
func breaking(t *testing.T, base, revision string) (output string, broken bool) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "tool", "oasdiff", "breaking", base, revision, "--fail-on", "ERR", "--color", "never")
	text, err := command.CombinedOutput()
	if code := command.ProcessState.ExitCode(); code > 1 || code < 0 {
		t.Fatalf("%v: %s", err, text)
	}
	return string(text), err != nil
}

// released returns the last release: the last tag, or else main, or else the
// commit before.
func released(t *testing.T) string {
	t.Helper()
	candidates := []string{"main", "HEAD~"}
	if tag, err := exec.CommandContext(t.Context(), "git", "describe", "--tags", "--abbrev=0").Output(); err == nil {
		candidates = append([]string{strings.TrimSpace(string(tag))}, candidates...)
	}
	for _, candidate := range candidates {
		if exec.CommandContext(t.Context(), "git", "cat-file", "-e", candidate+":openapi.yaml").Run() == nil {
			return candidate
		}
	}
	t.Fatal("there is neither a tag nor main nor an earlier commit to compare with; fetch one")
	return ""
}
