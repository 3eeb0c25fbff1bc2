package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/adrg/xdg"
)

// environment maps variables to their cleaned values. A variable that is not set
// or empty is absent.
type environment map[string]string

// clean returns an environment without empty variables, service links of
// Kubernetes, and blanks and line ends around values.
func clean(environ []string) environment {
	e := make(environment, len(environ))
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if value = trim(name, value); value != "" && !isServiceLink(name, value) {
			e[name] = value
		}
	}
	return e
}

// trim removes blanks and line ends around a value, such as the last line end of
// the file that it was read from. Around a password it removes only line ends: a
// password may begin or end with a blank.
func trim(name, value string) string {
	if strings.HasSuffix(name, "PASSWORD") {
		return strings.Trim(value, "\r\n")
	}
	return strings.TrimSpace(value)
}

// Kubernetes gives every container the addresses of the services in its
// namespace in variables that Docker's links introduced: a service called redis
// sets REDIS_PORT to tcp://10.0.0.11:6379, among others.
var (
	serviceLink  = regexp.MustCompile(`_SERVICE_HOST$|_SERVICE_PORT(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$`)
	serviceValue = regexp.MustCompile(`^(tcp|udp|sctp)://`)
)

func isServiceLink(name, value string) bool {
	return serviceLink.MatchString(name) || strings.HasSuffix(name, "_PORT") && serviceValue.MatchString(value)
}

// export replaces the environment of the process, for the libraries that read it
// themselves. It must not be called concurrently.
func (e environment) export() error {
	var errs []error
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if name != "" && e[name] == "" {
			errs = append(errs, os.Unsetenv(name))
		}
	}
	for name, value := range e {
		if name == "" || os.Getenv(name) == value {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			errs = append(errs, fmt.Errorf("%s has a value that no variable can have: %w", name, err))
		}
	}
	xdg.Reload()
	return errors.Join(errs...)
}

// A setting is a variable with the function that reads its value. The error of
// read continues a sentence that begins with the name of the variable.
type setting struct {
	variable string
	read     func(value string) error
}

// read reads the settings whose variables are set, and returns all their errors
// joined.
func (e environment) read(settings ...setting) error {
	var errs []error
	for _, s := range settings {
		if value := e[s.variable]; value != "" {
			if err := s.read(value); err != nil {
				errs = append(errs, fmt.Errorf("%s %w", s.variable, err))
			}
		}
	}
	return errors.Join(errs...)
}
