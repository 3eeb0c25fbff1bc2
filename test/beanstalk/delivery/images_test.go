package delivery

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// registryAway is a Docker client whose engine has no image and whose registry has none but Debian's.
const registryAway = `#!/bin/sh
case "$*" in
"image inspect"*) exit 1 ;;
"pull debian:"*) echo done ;;
pull*) echo "no such host" >&2; exit 1 ;;
esac
`

func TestPrepare_AllowsNoStandInWhereOfficialImagesAreExpected(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "docker"), []byte(registryAway), 0o755); err != nil {
		t.Fatal(err)
	}
	output, err := run(t, "test/bases/prepare", "PATH="+directory+":"+os.Getenv("PATH"), "PISANO_OFFICIAL_IMAGES=true")
	if err == nil {
		t.Errorf("it succeeds\n%s", output)
	}
	for _, image := range []string{"postgres:18", "postgres:15", "redis:8", "redis:7.0", "valkey/valkey:9", "nginx:", "golang:", "node:", "caddy:", "prom/prometheus:"} {
		if !strings.Contains(output, image) || strings.Contains(output, " stands in for "+image) {
			t.Errorf("%s is not insisted on\n%s", image, output)
		}
	}
	if !strings.Contains(output, "PISANO_OFFICIAL_IMAGES=true allows no stand-in") {
		t.Errorf("it does not say why\n%s", output)
	}
}

func TestServices_TestOfficialImagesWithTheWholeHistory(t *testing.T) {
	t.Parallel()
	const setting = "PISANO_OFFICIAL_IMAGES"
	var travis travisFile
	readYAML(t, ".travis.yml", &travis)
	if travis.Env != setting+"=true" || travis.Git.Depth != false {
		t.Errorf("Travis tests with %q and %v commits", travis.Env, travis.Git.Depth)
	}
	steps := readWorkflow(t).Jobs["test"].Steps
	for _, script := range []string{travis.Jobs.Include[0].Script, travis.Jobs.Include[1].Script, steps[1].Run} {
		if names := targets(script); len(names) < 3 || names[0] != "login" || names[1] != "ci-image" {
			t.Errorf("images are pulled before the login: %s", script)
		}
	}
	if depth := steps[0].With["fetch-depth"]; depth != 0 {
		t.Errorf("GitHub checks out %v commits", depth)
	}
	if value := steps[1].Env[setting]; value != "true" {
		t.Errorf("GitHub tests with %s=%v", setting, value)
	}
	if !strings.Contains(string(read(t, "Makefile")), "-e "+setting+" ") {
		t.Errorf("make ci-test does not hand %s on", setting)
	}
}
