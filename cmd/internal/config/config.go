// Package config reads the settings from the environment.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/adrg/xdg"
	"github.com/caarlos0/env/v11"

	"github.com/pisano-dev/pisano/core"
)

// The ports that the programs listen on unless told otherwise.
const (
	APIPort    = 8080
	WorkerPort = 8081
)

// Config are the settings of a program.
type Config struct {
	Port        int        `env:"PORT"`
	Data        string     `env:"PISANO_DATA"`
	MaxIndex    int64      `env:"PISANO_MAX_INDEX" envDefault:"100000000"`
	Concurrency int        `env:"PISANO_CONCURRENCY"`
	LogLevel    slog.Level `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat   string     `env:"LOG_FORMAT" envDefault:"json"`
}

// Load reads the settings. The error, if any, lists every fault there is, one
// a line.
func Load(defaultPort int) (Config, error) {
	c := Config{
		Port:        defaultPort,
		Data:        filepath.Join(xdg.StateHome, "pisano", "pisano.db"),
		Concurrency: runtime.GOMAXPROCS(0),
	}
	var faults []error
	var several env.AggregateError
	if err := env.Parse(&c); errors.As(err, &several) {
		for _, fault := range several.Errors {
			faults = append(faults, plain(fault))
		}
	} else if err != nil {
		faults = append(faults, err)
	}
	return c, errors.Join(append(faults, c.check()...)...)
}

// plain names the variable and what is wrong with it, where the library names
// the field of a struct. It never repeats the value.
func plain(fault error) error {
	var parse env.ParseError
	if !errors.As(fault, &parse) {
		return fault
	}
	for _, field := range fields {
		if field.name == parse.Name {
			return fmt.Errorf("%s is not %s", field.variable, field.form)
		}
	}
	return fault
}

var fields = []struct{ name, variable, form string }{
	{"Port", "PORT", "a port number"},
	{"MaxIndex", "PISANO_MAX_INDEX", "an integer"},
	{"Concurrency", "PISANO_CONCURRENCY", "an integer"},
	{"LogLevel", "LOG_LEVEL", "one of debug, info, warn and error"},
}

// check returns what is wrong with settings that could be read.
func (c Config) check() []error {
	var faults []error
	if c.Port < 0 || c.Port > 65535 {
		faults = append(faults, fmt.Errorf("PORT is %d; it must lie between 0 and 65535", c.Port))
	}
	if c.MaxIndex < 1 || c.MaxIndex > int64(core.MaxIndex) {
		faults = append(faults, fmt.Errorf("PISANO_MAX_INDEX is %d; it must lie between 1 and %d", c.MaxIndex, core.MaxIndex))
	}
	if c.Concurrency < 1 {
		faults = append(faults, fmt.Errorf("PISANO_CONCURRENCY is %d; it must be at least 1", c.Concurrency))
	}
	if c.LogFormat != "json" && c.LogFormat != "text" {
		faults = append(faults, fmt.Errorf("LOG_FORMAT is %q; it must be json or text", c.LogFormat))
	}
	return append(faults, servers()...)
}

// servers refuses settings of servers, which would be silently ignored.
func servers() []error {
	var given []string
	for _, variable := range []string{"DATABASE_URL", "PGHOST", "REDIS_URL", "REDIS_HOST"} {
		if os.Getenv(variable) != "" {
			given = append(given, variable)
		}
	}
	if given == nil {
		return nil
	}
	return []error{fmt.Errorf("set: %s; this version keeps everything in the file PISANO_DATA and uses no server, so unset it", strings.Join(given, ", "))}
}
