package servers

import (
	"bufio"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	postgresImage = "PISANO_POSTGRES_IMAGE"
	redisImage    = "PISANO_REDIS_IMAGE"
)

// LoadSettings sets the variables that are not set yet: to what test/bases/prepare wrote, if it ran, then to defaults.
func LoadSettings() error {
	settings := map[string]string{}
	if err := readPrepared(settings); err != nil {
		return err
	}
	for name, value := range map[string]string{
		postgresImage: "postgres:18",
		redisImage:    "redis:8",
		// Main and removeOrphans do the reaper's work without an image of its own.
		"TESTCONTAINERS_RYUK_DISABLED": "true",
	} {
		if settings[name] == "" {
			settings[name] = value
		}
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
	_, source, _, _ := runtime.Caller(0)
	file, err := os.Open(filepath.Join(filepath.Dir(source), "../../../bin/test-images.env"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok {
			settings[name] = value
		}
	}
	return lines.Err()
}
