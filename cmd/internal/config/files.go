package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The variables of these groups may be given as files, which is how Docker and
// Kubernetes provide secrets: PGPASSWORD_FILE=/run/secrets/password sets
// PGPASSWORD to the content of that file.
var (
	serverSecrets = []string{
		"DATABASE_URL", "PGUSER", "PGPASSWORD", "PGSSLPASSWORD",
		"REDIS_URL", "REDIS_USERNAME", "REDIS_PASSWORD",
	}
	sentinelSecrets = []string{"REDIS_SENTINEL_USERNAME", "REDIS_SENTINEL_PASSWORD"}
	tracingSecrets  = []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"}
)

func isSecret(variable string) bool {
	return slices.Contains(slices.Concat(serverSecrets, sentinelSecrets, tracingSecrets), variable)
}

// isSet reports whether a variable is set, directly or as a file.
func (e environment) isSet(variable string) bool {
	return e[variable] != "" || isSecret(variable) && e[variable+"_FILE"] != ""
}

// readFiles sets the variables that are given as files. No error quotes the
// content of a file, nor a value that is not an absolute path, which may be the
// secret itself.
func (e environment) readFiles(variables []string) error {
	var errs []error
	for _, variable := range variables {
		path := e[variable+"_FILE"]
		if path == "" {
			continue
		}
		if e[variable] != "" {
			errs = append(errs, fmt.Errorf("%s and %s_FILE are both set: set only one of them", variable, variable))
			continue
		}
		if !filepath.IsAbs(path) {
			errs = append(errs, fmt.Errorf("%s_FILE is not an absolute path", variable))
			continue
		}
		content, err := readStart(path)
		value := trim(variable, strings.TrimPrefix(string(content), "\ufeff"))
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("%s_FILE names a file that can't be read: %w", variable, err))
		case len(content) > maxSecret:
			errs = append(errs, fmt.Errorf("%s_FILE names a file of more than %d bytes, which is no secret: %s", variable, maxSecret, path))
		case value == "":
			errs = append(errs, fmt.Errorf("%s_FILE names an empty file: %s", variable, path))
		default:
			e[variable] = value
		}
	}
	return errors.Join(errs...)
}

// maxSecret bounds a file with a secret, in bytes.
const maxSecret = 64 << 10

// readStart reads a file, of a longer one only maxSecret bytes and one more: it may
// be a device without an end.
func readStart(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxSecret+1))
}
