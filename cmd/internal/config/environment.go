package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/adrg/xdg"
)

// environment is what the variables are set to, cleaned. A variable that is not
// set, or set to nothing, is "".
type environment map[string]string

// clean returns an environment without what is no part of a value: blanks and
// line ends around it, and the service links of Kubernetes.
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

// trim removes blanks and line ends around a value, such as the line end of a
// file that it came from. A password may begin or end with a blank.
func trim(name, value string) string {
	if strings.HasSuffix(name, "PASSWORD") {
		return strings.Trim(value, "\r\n")
	}
	return strings.TrimSpace(value)
}

// Kubernetes gives every container the addresses of the services around it, as
// Docker's links did: a service called redis sets REDIS_PORT, among others, to
// tcp://10.0.0.11:6379.
var (
	serviceLink  = regexp.MustCompile(`_SERVICE_HOST$|_SERVICE_PORT(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$`)
	serviceValue = regexp.MustCompile(`^(tcp|udp|sctp)://`)
)

func isServiceLink(name, value string) bool {
	return serviceLink.MatchString(name) || strings.HasSuffix(name, "_PORT") && serviceValue.MatchString(value)
}

// export makes the process's environment this one, for the libraries that read
// it themselves. No two goroutines may do it at a time.
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
			errs = append(errs, fmt.Errorf("%s holds what no variable can hold: %w", name, err))
		}
	}
	xdg.Reload()
	return errors.Join(errs...)
}

// A setting is a variable and what reads its value. The error that read
// returns follows the name of the variable in a sentence.
type setting struct {
	variable string
	read     func(value string) error
}

// read reads the settings whose variables are set, and returns all that is
// wrong with them.
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
