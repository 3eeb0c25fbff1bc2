package compose

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runScript runs scripts/compose in a folder of its own with this client of Docker, and returns what it printed.
func runScript(t *testing.T, docker, system string) (string, error) {
	t.Helper()
	folder := t.TempDir()
	files := map[string]string{
		"scripts/common.sh":   read(t, "scripts/common.sh"),
		"scripts/compose":     read(t, "scripts/compose"),
		"go.mod":              "module empty",
		".env":                "POSTGRES_PASSWORD=x\nPISANO_POSTGRES_IMAGE=postgres:19\n",
		"bin/test-images.env": "PISANO_POSTGRES_IMAGE=tests/postgres\nPISANO_REDIS_IMAGE=tests/redis\n",
		"path/docker":         "#!/bin/sh\n" + docker,
	}
	for name, text := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	script := exec.CommandContext(t.Context(), "bash", "scripts/compose", system, "up")
	script.Dir = folder
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); !strings.HasSuffix(name, "_IMAGE") {
			script.Env = append(script.Env, variable)
		}
	}
	script.Env = append(script.Env, "PATH="+filepath.Join(folder, "path")+":"+os.Getenv("PATH"))
	out, err := script.CombinedOutput()
	return string(out), err
}

// A Postgres of a newer version is named in .env, which Compose reads after its environment, and is to be started from then on. One that
// tests run would start production on an empty database, because it keeps its files elsewhere.
func TestComposeScript_UsesTheImagesOfTestsInDevelopmentOnly(t *testing.T) {
	t.Parallel()
	for system, ofTests := range map[string]bool{"development": true, "production": false} {
		given, err := runScript(t, "env", system)
		if err != nil {
			t.Fatalf("%s: %v\n%s", system, err, given)
		}
		if strings.Contains(given, "PISANO_POSTGRES_IMAGE=") || strings.Contains(given, "PISANO_REDIS_IMAGE=tests/redis") != ofTests {
			t.Errorf("in %s Compose is given\n%s", system, given)
		}
	}
}

func TestComposeScript_SaysThatThereIsNoEngine(t *testing.T) {
	t.Parallel()
	said, err := runScript(t, `[ "$*" = "compose version" ]`, "production")
	if err == nil || said != "No Docker engine answers: start it, or run this as a user who may use it.\n" {
		t.Errorf("%v\n%s", err, said)
	}
}

// A backup at night must not depend on images that only tests run.
func TestProduction_IsRunWithoutPreparingTests(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"up-production": "scripts/compose production up", "down-production": "scripts/compose production down",
		"backup-production": "scripts/backup", "restore-production": "scripts/restore",
	} {
		recipe, err := exec.CommandContext(t.Context(), "make", "-C", root, "--dry-run", target, "FILE=pisano.dump").CombinedOutput()
		if err != nil {
			t.Fatalf("make %s: %v\n%s", target, err, recipe)
		}
		if text := string(recipe); !strings.Contains(text, want) || strings.Contains(text, "test/bases") {
			t.Errorf("make %s does this:\n%s", target, text)
		}
	}
}

// Compose reads .env after its environment, which has what make exports.
func TestMake_UsesTheTagAndTheRegistryOfDotenv(t *testing.T) {
	t.Parallel()
	makefile, err := filepath.Abs(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	dotenv := "export PISANO_TAG='1.2.3' # the newest\r\nPISANO_REGISTRY=\"registry.example.org/numbers\"\r\n"
	if err := os.WriteFile(filepath.Join(folder, ".env"), []byte(dotenv), 0o600); err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{
		"PISANO_LEFT=alone":    "registry.example.org/numbers 1.2.3\n",
		"PISANO_TAG=1.2.2":     "registry.example.org/numbers 1.2.2\n",
		"PISANO_REGISTRY=mine": "mine 1.2.3\n",
	} {
		show := exec.CommandContext(t.Context(), "make", "--no-print-directory", "-C", folder, "-I", filepath.Dir(makefile), "-f", makefile,
			"--eval", "show: ; @echo $$PISANO_REGISTRY $$PISANO_TAG", "show")
		for _, variable := range os.Environ() {
			if name, _, _ := strings.Cut(variable, "="); name != "PISANO_TAG" && name != "PISANO_REGISTRY" && name != "MAKEFLAGS" {
				show.Env = append(show.Env, variable)
			}
		}
		show.Env = append(show.Env, given)
		var complaints strings.Builder
		show.Stderr = &complaints
		shown, err := show.Output()
		if err != nil || string(shown) != want {
			t.Errorf("with %s make exports %q, not %q: %v\n%s", given, shown, want, err, &complaints)
		}
	}
	// What is pushed or deployed is named by the caller.
	for goal, want := range map[string]string{"images": "echo 1.2.3\n", "push": "echo latest\n", "bundle": "echo latest\n", "deploy": "echo latest\n"} {
		show := exec.CommandContext(t.Context(), "make", "--no-print-directory", "--dry-run", "-C", folder, "-I", filepath.Dir(makefile), "-f", makefile,
			"--eval", "show: ; @echo $(PISANO_TAG)", "show", goal)
		show.Env = append(os.Environ(), "MAKEFLAGS=", "PISANO_TAG=")
		if shown, err := show.CombinedOutput(); !strings.HasPrefix(string(shown), want) {
			t.Errorf("make %s has\n%s, not %s: %v", goal, shown, want, err)
		}
	}
}
