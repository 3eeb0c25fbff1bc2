// Package config reads the settings of a program from its environment.
//
// The same rules hold for every variable. Blanks and line ends around a value
// are removed, and an empty value counts as not set (environment.go). A secret
// may be given as the path of a file (files.go). A variable that the program
// does not use is not checked: it may belong to another program, or be a service
// link of Kubernetes. All errors are reported together. Each names its variable,
// and none quotes a value that could be a secret.
//
// docs/settings.md is the table of all variables. Tests keep it in step with
// this package.
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
	serves     bool // it accepts submissions, in every mode
	calculates bool // it calculates in every mode, not in one-file mode only
	serverless bool // it has one-file mode only
}

// The programs.
var (
	API     = Program{port: 8080, serves: true}
	Worker  = Program{port: 8081, calculates: true}
	OneFile = Program{port: 8080, serves: true, serverless: true}
)

// Config are the settings of a program.
type Config struct {
	Port           int
	Data           string // the file of one-file mode
	CacheBytes     int64  // what values may take of that file; 0: the default of sqlite.DB.ValueCache
	MaxIndex       int64
	MaxBacklog     time.Duration
	MaxStreams     int
	TrustedProxies httpapi.TrustedProxies
	Concurrency    int
	Memory         int64  // bytes that calculations may take; 0: not known
	Engine         string // only checked: package fibonacci reads PISANO_ENGINE itself; empty means the fastest
	Recovery       core.RecoveryMode
	Retain         time.Duration // for how long records are kept after they were last submitted; 0: forever
	LogLevel       slog.Level
	LogFormat      string // json or text
	AccessLog      bool   // a line for each request
	MemoryLimit    int64  // as debug.SetMemoryLimit takes it: -1 keeps the limit of GOMEMLIMIT, or none
	GCPercent      int    // as debug.SetGCPercent takes it
	AdaptGC        bool   // change GCPercent with the memory in use: an API on servers, unless GOGC is set
	MaxProcs       int    // as runtime.GOMAXPROCS takes it: 0 keeps the runtime's default

	// Tracing is whether traces are sent. The OpenTelemetry library reads the
	// collector and its options from the environment of the process.
	Tracing bool

	// Servers are the servers to use, nil in one-file mode.
	Servers *Servers

	// Warnings are sentences about variables that are likely mistakes but don't
	// prevent the start.
	Warnings []string
}

// Servers are the addresses of Postgres and Redis.
type Servers struct {
	Postgres string // as postgres.New takes it; the PG* variables of the process supply what it omits
	Redis    redis.Options
}

// minCacheBytes is the least that values may take of the file.
const minCacheBytes = 1 << 20

// FromProcess reads the settings of a program from the environment of the
// process. It writes the cleaned values back, because the libraries for
// Postgres, OpenTelemetry and TLS read theirs from there.
func FromProcess(program Program) (Config, error) {
	return load(clean(os.Environ()), program, environment.export)
}

// Load reads the settings of a program from an environment in the form of
// os.Environ, and leaves the environment of the process unchanged. The error, if
// any, has a line for each invalid setting.
func Load(environ []string, program Program) (Config, error) {
	return load(clean(environ), program, func(environment) error { return nil })
}

// Port reads only the port of a program, which is enough to check one that is
// running.
func Port(environ []string, program Program) (int, error) {
	port := program.port
	return port, clean(environ).read(portSetting(&port))
}

func portSetting(port *int) setting { return setting{"PORT", number(port, "a port number", 0, 65535)} }

func load(e environment, program Program, export func(environment) error) (Config, error) {
	c := Config{
		Port:       program.port,
		MaxIndex:   int64(core.DefaultMaxIndex),
		MaxBacklog: core.DefaultMaxBacklog,
		MaxStreams: httpapi.DefaultMaxStreams,
		LogFormat:  "json",
		GCPercent:  100,
		Warnings:   e.warnings(),
	}
	var serverErr, tracingErr error
	if program.serverless {
		serverErr = e.refuseServers()
	} else {
		c.Servers, serverErr = e.servers()
	}
	c.Tracing, tracingErr = e.tracing()
	exportErr := export(e)
	if c.Servers != nil {
		serverErr = errors.Join(serverErr, postgres.Check(c.Servers.Postgres))
	}
	oneFile := c.Servers == nil && serverErr == nil
	if program.serves && !oneFile {
		c.AdaptGC = e["GOGC"] == ""
		// Only its front door reaches it. In one-file mode anyone on this machine
		// and on its network may connect, and none of them is a proxy until named.
		c.TrustedProxies = httpapi.PrivateNetworks()
	}
	if oneFile {
		c.Data = filepath.Join(xdg.StateHome, "pisano", "pisano.db")
	}
	err := e.read(c.settings(program, oneFile)...)
	if c.Memory == 0 && (program.calculates || oneFile) {
		c.Memory = availableMemory(os.DirFS("/"))
	}
	c.MemoryLimit = e.memoryLimit(c.Memory, program.serves)
	if c.Concurrency == 0 {
		c.Concurrency = cmp.Or(c.MaxProcs, runtime.GOMAXPROCS(0))
	}
	return c, errors.Join(err, tracingErr, serverErr, exportErr, e.checkCertificateFile(c))
}

// settings returns the settings that a program uses, other than those of servers
// and traces.
func (c *Config) settings(program Program, oneFile bool) []setting {
	used := []setting{
		portSetting(&c.Port),
		{"PISANO_RECOVERY", decoded(&c.Recovery, "eager or on-demand")},
		{"LOG_LEVEL", decoded(&c.LogLevel, "one of debug, info, warn and error")},
		{"LOG_FORMAT", oneOf(&c.LogFormat, "json", "text")},
		{"PISANO_ACCESS_LOG", flag(&c.AccessLog)},
		{"GOGC", gcPercent(&c.GCPercent)},
		{"GOMAXPROCS", number(&c.MaxProcs, "an integer", 0, 1<<16)},
	}
	if program.serves {
		used = append(used,
			setting{"PISANO_MAX_INDEX", number(&c.MaxIndex, "an integer", 1, int64(fibonacci.MaxIndex))},
			setting{"PISANO_MAX_BACKLOG", duration(&c.MaxBacklog, time.Second)},
			setting{"PISANO_MAX_STREAMS", number(&c.MaxStreams, "an integer", 1, 1<<20)},
			setting{"PISANO_TRUSTED_PROXIES", decoded(&c.TrustedProxies, "networks such as 10.0.0.0/8, separated by commas")},
		)
	}
	if program.calculates || oneFile {
		used = append(used,
			setting{"PISANO_CONCURRENCY", number(&c.Concurrency, "an integer", 1, 1<<16)},
			setting{"PISANO_MEMORY", size(&c.Memory, core.MinMemory)},
			setting{"PISANO_ENGINE", oneOf(&c.Engine, fibonacci.Engines()...)},
			setting{"PISANO_RETAIN", duration(&c.Retain, core.MinRetention)},
		)
	}
	if oneFile {
		used = append(used, setting{"PISANO_DATA", filePath(&c.Data)}, setting{"PISANO_CACHE_BYTES", size(&c.CacheBytes, minCacheBytes)})
	}
	return used
}

// checkCertificateFile checks SSL_CERT_FILE, which replaces the certificate
// authorities of the system, if a connection verifies certificates by it. With an
// unusable file every one of them would fail.
func (e environment) checkCertificateFile(c Config) error {
	if redisUsesTLS := c.Servers != nil && c.Servers.Redis.TLS != nil; redisUsesTLS || c.Tracing && e.usesSystemRoots() {
		return e.read(setting{"SSL_CERT_FILE", certificates})
	}
	return nil
}
