// Package openapi requires the tools that check the OpenAPI document and generate
// the Go client, and tests that the document breaks no clients and is valid in
// version 3.0.
package openapi_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const document = "../../openapi.yaml"

func TestDocument_IsCompatibleWithTheLastRelease(t *testing.T) {
	t.Parallel()
	found := bases(t, ".")
	if len(found) == 0 {
		t.Log("nothing to compare with: no tag and no parent commit has a document")
	}
	for _, base := range found {
		t.Logf("compared with %s (%s)", base, git(t, ".", "rev-parse", "--short", base+"^{commit}"))
		if output, broken := breaking(t, base+":openapi.yaml", document); broken {
			t.Errorf("clients of %s would break:\n%s", base, output)
		}
	}
}

func TestComparison_FindsARemovedField(t *testing.T) {
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
		t.Errorf("the removed field is not reported:\n%s", output)
	}
}

func TestComparison_UsesTheNewestTagOrTheParent(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir := filepath.Join(root, "tools", "openapi")
	commit := func(text string) {
		if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(root, "openapi.yaml"), []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		git(t, root, "init", "--quiet")
		git(t, root, "add", "--all")
		git(t, root, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "--message", text)
	}
	expect := func(dir, when string, want ...string) {
		t.Helper()
		if found := bases(t, dir); !slices.Equal(found, want) {
			t.Errorf("%s: compared with %q, want %q", when, found, want)
		}
	}
	commit("first")
	expect(dir, "at the first commit")
	commit("second")
	expect(dir, "without a tag", "HEAD~1")
	git(t, root, "tag", "v0.1.0")
	commit("third")
	expect(dir, "after a release", "v0.1.0")
	git(t, root, "tag", "v0.2.0")
	expect(dir, "at a release", "v0.2.0", "v0.1.0")

	shallow := t.TempDir()
	git(t, ".", "clone", "--quiet", "--depth=1", "file://"+root, shallow)
	dirOfClone := filepath.Join(shallow, "tools", "openapi")
	if err := os.MkdirAll(dirOfClone, 0o755); err != nil {
		t.Fatal(err)
	}
	git(t, shallow, "tag", "--delete", "v0.2.0")
	expect(dirOfClone, "in a shallow clone", "v0.2.0", "v0.1.0")
	expect(t.TempDir(), "outside a repository")
}

// breaking returns the changes between two documents that break clients, and
// whether there are any.
func breaking(t *testing.T, base, revision string) (output string, broken bool) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "tool", "oasdiff", "breaking", base, revision, "--fail-on", "ERR", "--color", "never")
	text, err := command.CombinedOutput()
	if code := command.ProcessState.ExitCode(); code > 1 || code < 0 {
		t.Fatalf("%v: %s", err, text)
	}
	return string(text), err != nil
}

// bases returns the commits to compare with: the newest tag, and the newest tag before this commit, so that a tagged commit is not
// compared only with itself; before the first release, the parent commit. There are none in a source archive, at the first commit, and in
// a shallow clone whose remote can't be reached.
func bases(t *testing.T, dir string) []string {
	t.Helper()
	const parent = "HEAD~1"
	if git(t, dir, "rev-parse", "--is-shallow-repository") == "true" && git(t, dir, "rev-parse", "--verify", "--quiet", parent) == "" {
		git(t, dir, "fetch", "--quiet", "--deepen=1", "--tags")
	}
	var found []string
	for _, commit := range []string{
		git(t, dir, "describe", "--tags", "--abbrev=0"), git(t, dir, "describe", "--tags", "--abbrev=0", parent), parent,
	} {
		has := commit != "" && git(t, dir, "rev-parse", "--verify", "--quiet", commit+":"+document) != ""
		if has && !slices.Contains(found, commit) && (commit != parent || len(found) == 0) {
			found = append(found, commit)
		}
	}
	return found
}

// git returns the output of git in a directory, or nothing if it fails.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "git", args...)
	command.Dir = dir
	command.Env = append(command.Environ(), "GIT_TERMINAL_PROMPT=0", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
	output, err := command.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(output))
}
