package docker

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/internal/testkit"
)

// The variables that name the images of servers. test/bases/prepare has written them to bin/test-images.env, if it ran.
const (
	PostgresImage       = "PISANO_POSTGRES_IMAGE"
	OldestPostgresImage = "PISANO_POSTGRES_OLDEST_IMAGE"
	RedisImage          = "PISANO_REDIS_IMAGE"
	PrometheusImage     = "PISANO_PROMETHEUS_IMAGE"
	NodeExporterImage   = "PISANO_NODE_EXPORTER_IMAGE"
	BlackboxImage       = "PISANO_BLACKBOX_EXPORTER_IMAGE"
)

// Image returns the image of pisano, client, nginx, api or worker that is tested: PISANO_REGISTRY and PISANO_TAG say which.
func Image(program string) string {
	repository := "pisano"
	if program != repository {
		repository += "-" + program
	}
	return fmt.Sprintf("%s/%s:%s", cmp.Or(os.Getenv("PISANO_REGISTRY"), "pisanodev"), repository, cmp.Or(os.Getenv("PISANO_TAG"), "latest"))
}

// ServerImage returns the image that a variable names, such as [PostgresImage].
func ServerImage(t testing.TB, variable string) string {
	t.Helper()
	if err := loadImages(); err != nil {
		t.Fatal(err)
	}
	image := os.Getenv(variable)
	if image == "" {
		t.Fatalf("%s names no image: run test/bases/prepare, or `make test`", variable)
	}
	return image
}

// loadImages sets the variables that are not set yet: to what test/bases/prepare wrote, if it ran, then to defaults.
func loadImages() error {
	settings := map[string]string{
		PostgresImage:       "postgres:18",
		OldestPostgresImage: "postgres:15",
		RedisImage:          "redis:8",
		// Main and removeOrphans do the reaper's work without an image of its own.
		"TESTCONTAINERS_RYUK_DISABLED": "true",
	}
	if err := readPrepared(settings); err != nil {
		return err
	}
	for name, value := range settings {
		if os.Getenv(name) != "" {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

func readPrepared(settings map[string]string) error {
	file, err := os.Open(filepath.Join(testkit.Root(), "bin/test-images.env"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok && value != "" {
			settings[name] = value
		}
	}
	return lines.Err()
}
