package compose

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A Postgres of a newer version is named there, and is to be started from then on.
func TestComposeScript_LeavesToComposeTheImagesThatItsSettingsName(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	files := map[string]string{
		"scripts/common.sh":   read(t, "scripts/common.sh"),
		"scripts/compose":     read(t, "scripts/compose"),
		"go.mod":              "module empty",
		".env":                "POSTGRES_PASSWORD=x\nPISANO_POSTGRES_IMAGE=postgres:19\n",
		"bin/test-images.env": "PISANO_POSTGRES_IMAGE=tests/postgres\nPISANO_REDIS_IMAGE=tests/redis\n",
		"path/docker":         "#!/bin/sh\nenv\n", // Compose, which reads .env after its environment
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
	script := exec.CommandContext(t.Context(), "bash", "scripts/compose", "production", "up")
	script.Dir = folder
	script.Env = append(os.Environ(), "PATH="+filepath.Join(folder, "path")+":"+os.Getenv("PATH"))
	out, err := script.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if given := string(out); strings.Contains(given, "PISANO_POSTGRES_IMAGE=") || !strings.Contains(given, "PISANO_REDIS_IMAGE=tests/redis") {
		t.Errorf("Compose is given\n%s", given)
	}
}
