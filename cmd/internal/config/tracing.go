package config

import (
	"errors"
	"fmt"
	"net/url"
)

// tracing reports whether a collector of traces is named.
func tracing(environment map[string]string) (bool, error) {
	named := false
	var faults []error
	for _, variable := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} {
		value := environment[variable]
		if value == "" {
			continue
		}
		named = true
		// No error repeats what was given: it may hold a password.
		if u, err := url.Parse(value); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			faults = append(faults, fmt.Errorf("%s is not a URL such as http://collector:4318", variable))
		}
	}
	for _, variable := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"} {
		if value := environment[variable]; named && value != "" && value != "http/protobuf" {
			faults = append(faults, fmt.Errorf("%s is not http/protobuf, the only protocol that traces are sent by", variable))
		}
	}
	return named, errors.Join(faults...)
}
