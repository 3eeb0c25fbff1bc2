package config_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// secrets are the variables that may be given as files, each with an environment
// in which it is used and a value.
var secrets = map[string]struct {
	environment []string
	value       string
}{
	"DATABASE_URL":                      {[]string{"REDIS_HOST=cache"}, "postgres://pisano:hunter2@db/pisano"},
	"PGUSER":                            {[]string{"PGHOST=db", "REDIS_HOST=cache"}, "hunter2"},
	"PGPASSWORD":                        {[]string{"PGHOST=db", "REDIS_HOST=cache"}, "hunter2"},
	"PGSSLPASSWORD":                     {[]string{"PGHOST=db", "REDIS_HOST=cache"}, "hunter2"},
	"REDIS_URL":                         {[]string{"PGHOST=db"}, "rediss://:hunter2@cache:7000/3"},
	"REDIS_USERNAME":                    {[]string{"PGHOST=db", "REDIS_HOST=cache"}, "hunter2"},
	"REDIS_PASSWORD":                    {[]string{"PGHOST=db", "REDIS_HOST=cache"}, "hunter2"},
	"REDIS_SENTINEL_USERNAME":           {[]string{"PGHOST=db", "REDIS_HOST=cache", "REDIS_SENTINEL_MASTER=main"}, "hunter2"},
	"REDIS_SENTINEL_PASSWORD":           {[]string{"PGHOST=db", "REDIS_HOST=cache", "REDIS_SENTINEL_MASTER=main"}, "hunter2"},
	"OTEL_EXPORTER_OTLP_HEADERS":        {[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318"}, "key=hunter2"},
	"OTEL_EXPORTER_OTLP_TRACES_HEADERS": {[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318"}, "key=hunter2"},
}

func TestSecrets_MayBeReadFromFiles(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("../../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	marked := regexp.MustCompile("`([A-Z_]+)` ⚿").FindAllStringSubmatch(string(table), -1)
	for _, match := range marked {
		if _, tested := secrets[match[1]]; !tested {
			t.Errorf("docs/settings.md says that %s may be a file, but no case tests it", match[1])
		}
	}
	if len(marked) != len(secrets) {
		t.Errorf("docs/settings.md marks %d variables, and %d are tested", len(marked), len(secrets))
	}
	for variable, secret := range secrets {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			r, _ := child(t, append(slices.Clone(secret.environment), variable+"_FILE="+write(t, secret.value+"\r\n"))...)
			if got, _ := r.variable(variable); r.Error != "" || got != secret.value {
				t.Errorf("%q, want %q (%s)", got, secret.value, r.Error)
			}
			if direct := servers(load(t, append(slices.Clone(secret.environment), variable+"="+secret.value)...)); r.Servers != direct {
				t.Errorf("as a file: %s, set directly: %s", r.Servers, direct)
			}
		})
	}
}

func TestSecrets_UnusableFileIsRefusedByName(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for variable, secret := range secrets {
		for path, with := range map[string][]string{
			folder + "/missing":        nil,
			folder:                     nil,
			write(t, "\r\n"):           nil,
			write(t, "hunter2-secret"): {variable + "=" + secret.value}, // both

			write(t, strings.Repeat("hunter2", 10_000)): nil, // like /dev/zero, which has no end
		} {
			lines := errorLines(t, slices.Concat(secret.environment, with, []string{variable + "_FILE=" + path})...)
			text := strings.Join(lines, "\n")
			named := strings.Contains(text, variable+"_FILE") && (strings.Contains(text, path) || with != nil)
			if len(lines) != 1 || !named || strings.Contains(text, "hunter2") {
				t.Errorf("%s_FILE=%s: %q", variable, path, lines)
			}
		}
	}
}

func TestSecrets_RelativePathIsRefusedByName(t *testing.T) {
	t.Parallel()
	for variable, secret := range secrets {
		for _, value := range []string{secret.value, "secrets/password", "./password"} {
			lines := errorLines(t, append(slices.Clone(secret.environment), variable+"_FILE="+value)...)
			if len(lines) != 1 || lines[0] != variable+"_FILE is not an absolute path" {
				t.Errorf("%s_FILE=%s: %q", variable, value, lines)
			}
		}
	}
}

func TestSecrets_OneServerInAFileWithoutTheOtherIsRefused(t *testing.T) {
	t.Parallel()
	for variable, missing := range map[string]string{"DATABASE_URL_FILE": "REDIS_URL", "REDIS_URL_FILE": "DATABASE_URL"} {
		lines := errorLines(t, variable+"="+write(t, "x"))
		if len(lines) != 1 || !strings.HasPrefix(lines[0], variable+" ") || !strings.Contains(lines[0], missing) {
			t.Errorf("%s: %q", variable, lines)
		}
	}
}
