// Package delivery checks the files that bring Pisano from a commit to a running environment. They are read by services that tests
// can't reach, so they are checked against the documentation of those services.
package delivery

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const root = "../../.."

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// readYAML reads a file into target, which must have a field for every key.
func readYAML(t *testing.T, name string, target any) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(string(read(t, name))))
	decoder.KnownFields(true)
	if err := decoder.Decode(target); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// unknown reports the keys that are not documented.
func unknown[V any](t *testing.T, where string, keys map[string]V, documented string) {
	t.Helper()
	known := map[string]bool{}
	for key := range strings.FieldsSeq(documented) {
		known[key] = true
	}
	for key := range keys {
		if !known[key] {
			t.Errorf("%s has the key %q, which is not documented", where, key)
		}
	}
}

var makeCommand = regexp.MustCompile(`\bmake ([a-z0-9 -]+)`)

// targets returns the targets of the calls of make in a line of shell.
func targets(script string) []string {
	var all []string
	for _, match := range makeCommand.FindAllStringSubmatch(script, -1) {
		all = append(all, strings.Fields(match[1])...)
	}
	return all
}

// isMake reports whether a script is one call of make, which stops at the first target that fails.
func isMake(script string) bool {
	return strings.HasPrefix(script, "make ") && !strings.ContainsAny(strings.TrimSpace(script), ";|\n")
}

func TestTargets_NamedByServicesAndDocumentsExist(t *testing.T) {
	t.Parallel()
	// It fails if a target is not up to date, and prints all the same.
	database, err := exec.CommandContext(t.Context(), "make", "-C", root, "--print-data-base", "--question", "help").Output()
	if len(database) == 0 {
		t.Fatal(err)
	}
	var travis travisFile
	readYAML(t, ".travis.yml", &travis)
	var scripts []string
	for _, job := range travis.Jobs.Include {
		scripts = append(scripts, job.Script)
	}
	for _, job := range readWorkflow(t).Jobs {
		for _, step := range job.Steps {
			scripts = append(scripts, step.Run)
		}
	}
	blocks := strings.Split(string(read(t, "docs/operations.md")), "```")
	for i := 1; i < len(blocks); i += 2 {
		scripts = append(scripts, blocks[i])
	}
	named := targets(strings.Join(scripts, "\n"))
	if len(named) < 10 {
		t.Errorf("only %q are named", named)
	}
	for _, target := range named {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(target) + `:`).Match(database) {
			t.Errorf("there is no target %s", target)
		}
	}
}

func TestCIImage_IsMadeOfTheBaseImagesOfPisano(t *testing.T) {
	t.Parallel()
	ofTests := string(read(t, "test/bases/ci/Dockerfile"))
	for name, argument := range map[string]string{"Dockerfile": "GO_IMAGE", "cmd/api/Dockerfile": "GO_IMAGE", "cmd/worker/Dockerfile": "GO_IMAGE", "web/Dockerfile": "NODE_IMAGE"} {
		line := regexp.MustCompile(`(?m)^ARG ` + argument + `=.*$`).FindString(string(read(t, name)))
		if line == "" || !strings.Contains(ofTests, line+"\n") {
			t.Errorf("%s has %q", name, line)
		}
	}
}
