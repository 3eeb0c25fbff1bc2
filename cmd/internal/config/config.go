// Package config reads the settings from the environment.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"time"

	"github.com/adrg/xdg"
	"github.com/caarlos0/env/v11"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// The ports that the programs listen on unless told otherwise.
const (
	APIPort    = 8080
	WorkerPort = 8081
)

// Config are the settings of a program.
type Config struct {
	Port           int                    `env:"PORT"`
	Data           string                 `env:"PISANO_DATA"`
	MaxIndex       int64                  `env:"PISANO_MAX_INDEX"`
	MaxBacklog     time.Duration          `env:"PISANO_MAX_BACKLOG"`
	Concurrency    int                    `env:"PISANO_CONCURRENCY"`
	TrustedProxies httpapi.TrustedProxies `env:"PISANO_TRUSTED_PROXIES"`
	LogLevel       slog.Level             `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat      string                 `env:"LOG_FORMAT" envDefault:"json"`

	// Tracing is whether a collector of traces is named. Where it is and how it
	// is spoken to, the library reads for itself.
	Tracing bool

	// Servers are the servers to use, nil in embedded mode.
	Servers *Servers
}

// Servers are where Postgres and Redis are.
type Servers struct {
	Postgres string // as postgres.New takes it; empty: the PG* variables
	Redis    redis.Options
}

// Load reads the settings from an environment as os.Environ has it. The error,
// if any, lists every fault there is, one a line.
func Load(environ []string, defaultPort int) (Config, error) {
	environment := env.ToMap(environ)
	c := Config{
		Port:           defaultPort,
		Data:           filepath.Join(xdg.StateHome, "pisano", "pisano.db"),
		MaxIndex:       int64(core.DefaultMaxIndex),
		MaxBacklog:     core.DefaultMaxBacklog,
		TrustedProxies: httpapi.DefaultTrustedProxies(),
		Concurrency:    runtime.GOMAXPROCS(0),
	}
	var redisSettings redisVariables
	faults := append(parse(&c, environment), parse(&redisSettings, environment)...)
	faults = append(faults, c.check()...)
	var err error
	if c.Tracing, err = tracing(environment); err != nil {
		faults = append(faults, err)
	}
	if c.Servers, err = servers(environment, redisSettings); err != nil {
		faults = append(faults, err)
	}
	return c, errors.Join(faults...)
}

// parse sets the fields of a struct and returns what is wrong with their
// variables.
func parse(target any, environment map[string]string) []error {
	err := env.ParseWithOptions(target, env.Options{Environment: environment})
	var several env.AggregateError
	if !errors.As(err, &several) {
		if err != nil {
			return []error{err}
		}
		return nil
	}
	var faults []error
	for _, fault := range several.Errors {
		faults = append(faults, plain(fault))
	}
	return faults
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
	{"MaxBacklog", "PISANO_MAX_BACKLOG", "a duration such as 10m"},
	{"TrustedProxies", "PISANO_TRUSTED_PROXIES", "networks such as 10.0.0.0/8, separated by commas"},
	{"Concurrency", "PISANO_CONCURRENCY", "an integer"},
	{"LogLevel", "LOG_LEVEL", "one of debug, info, warn and error"},
	{"RedisPort", "REDIS_PORT", "a port number"},
	{"TLS", "REDIS_TLS", "true or false"},
	{"Cluster", "REDIS_CLUSTER", "true or false"},
}

// check returns what is wrong with settings that could be read.
func (c Config) check() []error {
	var faults []error
	if c.Port < 0 || c.Port > 65535 {
		faults = append(faults, fmt.Errorf("PORT is %d; it must lie between 0 and 65535", c.Port))
	}
	if c.MaxIndex < 1 || c.MaxIndex > int64(fibonacci.MaxIndex) {
		faults = append(faults, fmt.Errorf("PISANO_MAX_INDEX is %d; it must lie between 1 and %d", c.MaxIndex, fibonacci.MaxIndex))
	}
	if c.MaxBacklog < time.Second {
		faults = append(faults, fmt.Errorf("PISANO_MAX_BACKLOG is %v; it must be at least 1s", c.MaxBacklog))
	}
	if c.Concurrency < 1 {
		faults = append(faults, fmt.Errorf("PISANO_CONCURRENCY is %d; it must be at least 1", c.Concurrency))
	}
	if c.LogFormat != "json" && c.LogFormat != "text" {
		faults = append(faults, fmt.Errorf("LOG_FORMAT is %q; it must be json or text", c.LogFormat))
	}
	return faults
}
