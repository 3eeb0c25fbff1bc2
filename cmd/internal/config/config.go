// Package config reads the settings of a program from its environment.
//
// The rules hold for every variable. Blanks and line ends around a value are
// not part of it, and an empty value is none (environment.go). A secret may be
// given as the path of a file (files.go). A variable that the program does not
// use is not judged: it may belong to another program, or be a service link of
// Kubernetes. All that is wrong is reported at once, each fault with the name
// of its variable, none with a value that could be a secret.
//
// docs/settings.md is the table of all variables, and the tests hold it to this
// package.
package config

import (
	"cmp"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/adrg/xdg"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// A Program decides which settings are used.
type Program struct {
	port       int  // the default
	serves     bool // it takes submissions, always
	calculates bool // it calculates, also on servers
}

// The programs.
var (
	API    = Program{port: 8080, serves: true}
	Worker = Program{port: 8081, calculates: true}
)

// Config are the settings of a program.
type Config struct {
	Port           int
	Data           string // the file of one-file mode
	MaxIndex       int64
	MaxBacklog     time.Duration
	TrustedProxies httpapi.TrustedProxies
	Concurrency    int
	Engine         string // of package fibonacci, which reads it for itself; empty for the fastest
	LogLevel       slog.Level
	LogFormat      string // json or text
	GCPercent      int    // as debug.SetGCPercent takes it
	MaxProcs       int    // as runtime.GOMAXPROCS takes it: 0 leaves the choice to the Go runtime

	// Tracing is whether traces are sent. Where to and how, the OpenTelemetry
	// library reads from the process's environment.
	Tracing bool

	// Servers are the servers to use, nil in one-file mode.
	Servers *Servers

	// Warnings are sentences about variables that look like mistakes but stop
	// nothing.
	Warnings []string
}

// Servers are where Postgres and Redis are.
type Servers struct {
	Postgres string // as postgres.New takes it; what it leaves out is in the process's PG* variables
	Redis    redis.Options
}

// apiGCPercent bounds the garbage of an API that holds connections for others.
// By Go's default it may be as much as thousands of idle clients take.
const apiGCPercent = 25

// FromProcess reads the settings of a program from the environment of the
// process. It writes the cleaned values back, because the libraries for
// Postgres, OpenTelemetry and TLS read theirs from there.
func FromProcess(program Program) (Config, error) {
	return load(clean(os.Environ()), program, environment.export)
}

// Load reads the settings of a program from an environment as os.Environ has
// it, and leaves the process as it is. The error, if any, lists every fault,
// one a line.
func Load(environ []string, program Program) (Config, error) {
	return load(clean(environ), program, func(environment) error { return nil })
}

// Port reads nothing but the port of a program, for a question to one that
// runs.
func Port(environ []string, program Program) (int, error) {
	port := program.port
	return port, clean(environ).read(portSetting(&port))
}

func portSetting(port *int) setting { return setting{"PORT", number(port, "a port number", 0, 65535)} }

func load(e environment, program Program, export func(environment) error) (Config, error) {
	c := Config{
		Port:           program.port,
		MaxIndex:       int64(core.DefaultMaxIndex),
		MaxBacklog:     core.DefaultMaxBacklog,
		TrustedProxies: httpapi.DefaultTrustedProxies(),
		LogFormat:      "json",
		GCPercent:      100,
		Warnings:       e.warnings(),
	}
	var serverErr, tracingErr error
	c.Servers, serverErr = e.servers()
	c.Tracing, tracingErr = e.tracing()
	exportErr := export(e)
	if c.Servers != nil {
		serverErr = errors.Join(serverErr, postgres.Check(c.Servers.Postgres))
	}
	oneFile := c.Servers == nil && serverErr == nil
	if program.serves && !oneFile {
		c.GCPercent = apiGCPercent
	}
	if oneFile {
		c.Data = filepath.Join(xdg.StateHome, "pisano", "pisano.db")
	}
	err := e.read(c.settings(program, oneFile)...)
	if c.Concurrency == 0 {
		c.Concurrency = cmp.Or(c.MaxProcs, runtime.GOMAXPROCS(0))
	}
	return c, errors.Join(err, tracingErr, serverErr, exportErr, e.checkCertificateFile(c))
}

// settings returns the settings that a program uses besides those of servers
// and traces.
func (c *Config) settings(program Program, oneFile bool) []setting {
	used := []setting{
		portSetting(&c.Port),
		{"LOG_LEVEL", decoded(&c.LogLevel, "one of debug, info, warn and error")},
		{"LOG_FORMAT", oneOf(&c.LogFormat, "json", "text")},
		{"GOGC", gcPercent(&c.GCPercent)},
		{"GOMAXPROCS", number(&c.MaxProcs, "an integer", 0, 1<<16)},
	}
	if program.serves {
		used = append(used,
			setting{"PISANO_MAX_INDEX", number(&c.MaxIndex, "an integer", 1, int64(fibonacci.MaxIndex))},
			setting{"PISANO_MAX_BACKLOG", duration(&c.MaxBacklog, time.Second)},
			setting{"PISANO_TRUSTED_PROXIES", decoded(&c.TrustedProxies, "networks such as 10.0.0.0/8, separated by commas")},
		)
	}
	if program.calculates || oneFile {
		used = append(used,
			setting{"PISANO_CONCURRENCY", number(&c.Concurrency, "an integer", 1, 1<<16)},
			setting{"PISANO_ENGINE", oneOf(&c.Engine, fibonacci.Engines()...)},
		)
	}
	if oneFile {
		used = append(used, setting{"PISANO_DATA", text(&c.Data)})
	}
	return used
}

// checkCertificateFile checks those that take the place of the system's, where they are
// asked. Without them nothing would be trusted.
func (e environment) checkCertificateFile(c Config) error {
	if redisUsesTLS := c.Servers != nil && c.Servers.Redis.TLS != nil; redisUsesTLS || c.Tracing && e.usesSystemRoots() {
		return e.read(setting{"SSL_CERT_FILE", certificates})
	}
	return nil
}
