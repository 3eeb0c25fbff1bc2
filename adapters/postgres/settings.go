package postgres

import (
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pisano-dev/pisano/core"
)

// variables maps the variables of libpq that have rules to their parameters.
var variables = map[string]string{
	"PGHOST":               "host",
	"PGPORT":               "port",
	"PGCONNECT_TIMEOUT":    "connect_timeout",
	"PGSSLMODE":            "sslmode",
	"PGSSLNEGOTIATION":     "sslnegotiation",
	"PGSSLSNI":             "sslsni",
	"PGSSLCERTMODE":        "sslcertmode",
	"PGSSLROOTCERT":        "sslrootcert",
	"PGSSLCERT":            "sslcert",
	"PGSSLKEY":             "sslkey",
	"PGREQUIREAUTH":        "require_auth",
	"PGCHANNELBINDING":     "channel_binding",
	"PGTARGETSESSIONATTRS": "target_session_attrs",
	"PGMINPROTOCOLVERSION": "min_protocol_version",
	"PGMAXPROTOCOLVERSION": "max_protocol_version",

	// pgx does not read these.
	"PGHOSTADDR":              "hostaddr",
	"PGSSLMINPROTOCOLVERSION": "ssl_min_protocol_version",
	"PGSSLMAXPROTOCOLVERSION": "ssl_max_protocol_version",
	"PGSSLCRL":                "sslcrl",
	"PGSSLCRLDIR":             "sslcrldir",
	"PGREQUIRESSL":            "requiressl",
	"PGREQUIREPEER":           "requirepeer",
	"PGGSSENCMODE":            "gssencmode",
	"PGLOADBALANCEHOSTS":      "load_balance_hosts",
}

// ours has the parameters that this package implements, or that state what is the
// case anyway. They are not sent to the server.
var ours = []string{
	"hostaddr", "ssl_min_protocol_version", "ssl_max_protocol_version", "fallback_application_name", "client_encoding",
	"gssencmode", "gssdelegation", "keepalives", "load_balance_hosts", "replication", "requiressl", "sslcompression",
}

// A parameter is a parameter of libpq with its value.
type parameter struct {
	value string
	where string // the name under which the user gave it
}

// given has the parameters that were given, by name.
type given map[string]parameter

func isURL(settings string) bool {
	return strings.HasPrefix(settings, "postgres://") || strings.HasPrefix(settings, "postgresql://")
}

// read returns the parameters of the variables, of a service and of the settings.
// Settings override the service and the variables, a service overrides the
// variables; what is overridden is omitted.
func read(settings string) given {
	g, own := given{}, given{}
	for variable, name := range variables {
		if value := os.Getenv(variable); value != "" {
			g[name] = parameter{value, variable}
		}
	}
	if isURL(settings) {
		own = fromURL(settings)
	} else {
		for name, value := range keywords(settings) {
			own[name] = parameter{value: value}
			if value != "" { // else it means the default to the library
				own[name] = parameter{value, name + " in DATABASE_URL"}
			}
		}
	}
	maps.Copy(g, service(own))
	maps.Copy(g, own)
	return g
}

// fromURL returns the parameters of a URL. Those in front of its query have an
// empty where, because pgx checks them.
func fromURL(settings string) given {
	g := given{}
	_, rest, _ := strings.Cut(settings, "://")
	authority, query, _ := strings.Cut(rest, "?")
	authority, _, _ = strings.Cut(authority, "/")
	authority = authority[strings.LastIndex(authority, "@")+1:]
	if host, err := url.PathUnescape(authority); err == nil && authority != "" {
		g["host"] = parameter{value: host}
	}
	if _, port, found := strings.Cut(authority[strings.LastIndex(authority, "]")+1:], ":"); found && port != "" || strings.Contains(authority, ",") {
		g["port"] = parameter{value: port}
	}
	parameters, _ := url.ParseQuery(query) // the library says what is wrong with it
	for name, values := range parameters {
		g[name] = parameter{values[len(values)-1], name + " in DATABASE_URL"}
	}
	return g
}

// judge returns all errors in the parameters, one per line.
func (g given) judge() error {
	host, mode := g["host"].value, g["sslmode"].value
	overTCP, bySocket := host != "" && !filepath.IsAbs(host), filepath.IsAbs(host)
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(g)) {
		p := g[name]
		check := rules[name]
		if check == nil {
			check = foreign[name]
		}
		ofTLS := strings.HasPrefix(name, "ssl") && name != "sslmode" && name != "sslrootcert" // the library reads those two always
		unused := p.where == "" ||
			name == "requirepeer" && overTCP ||
			name == "requiressl" && mode != "" || // which overrules it
			bySocket && strings.HasPrefix(name, "ssl") || mode == "disable" && ofTLS
		if check == nil || unused {
			continue
		}
		if err := check(p.value); err != nil {
			faults = append(faults, core.NewError(core.KindInvalid, fmt.Sprintf("%s %v", p.where, err)))
		}
	}
	return errors.Join(faults...)
}

// parse parses settings. A password that is not percent-encoded changes the
// meaning of a URL, and errors quote what was parsed: the error for such a URL
// quotes nothing.
func parse(settings string) (*pgxpool.Config, error) {
	if scheme, _, found := strings.Cut(settings, "://"); found && !isURL(settings) && !strings.ContainsAny(scheme, "= ") {
		return nil, core.NewError(core.KindInvalid, "DATABASE_URL is not a URL of PostgreSQL: it must begin with postgres:// or postgresql://.")
	}
	if isURL(settings) && strings.Contains(settings, "#") {
		return nil, core.NewError(core.KindInvalid, "DATABASE_URL contains a #, which begins the fragment of a URL: write it as %23 in a password.")
	}
	g := read(settings)
	if err := g.judge(); err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(settings)
	switch {
	case err == nil && isURL(settings) && strayed(config):
		return nil, invalid(nil)
	case err == nil:
		return complete(config, settings, g)
	}
	// The parser's error quotes the settings, with passwords masked as far as it
	// recognizes them. The error that it wraps quotes nothing of a valid URL but
	// the one invalid parameter.
	_, malformed := url.Parse(settings)
	var fault *pgconn.ParseConfigError
	if settings != "" && (!isURL(settings) || malformed != nil) || !errors.As(err, &fault) {
		return nil, invalid(nil)
	}
	return nil, invalid(errors.Unwrap(fault))
}

// complete applies the parameters of libpq that pgx does not know.
func complete(config *pgxpool.Config, settings string, g given) (*pgxpool.Config, error) {
	parameters := config.ConnConfig.RuntimeParams
	value := func(name string) string {
		if parameters[name] != "" {
			return parameters[name]
		}
		return g[name].value
	}
	hostaddr, least, most := value("hostaddr"), tlsVersions[value("ssl_min_protocol_version")], tlsVersions[value("ssl_max_protocol_version")]
	if hostaddr != "" && (g["host"].value == "" || filepath.IsAbs(config.ConnConfig.Host)) {
		return parse(withHost(settings, hostaddr)) // the address is the name as well
	}
	if least > 0 && most > 0 && least > most {
		return nil, core.NewError(core.KindInvalid, "The minimum version of TLS for the database exceeds the maximum.")
	}
	if path := os.Getenv("PGPASSFILE"); config.ConnConfig.Password == "" && path != "" && file(path) != nil {
		return nil, core.NewError(core.KindInvalid, fmt.Sprintf("PGPASSFILE %v", file(path)))
	}
	if name := parameters["fallback_application_name"]; name != "" && parameters["application_name"] == "" {
		parameters["application_name"] = name
	}
	for _, name := range ours {
		delete(parameters, name)
	}
	for _, t := range targets(config.ConnConfig.TLSConfig, config.ConnConfig.Fallbacks) {
		if least > 0 {
			t.MinVersion = least
		}
		t.MaxVersion = most
	}
	return config, connectTo(config, hostaddr)
}

// targets returns the TLS settings of all hosts.
func targets(first *tls.Config, fallbacks []*pgconn.FallbackConfig) []*tls.Config {
	all := []*tls.Config{first}
	for _, fallback := range fallbacks {
		all = append(all, fallback.TLSConfig)
	}
	return slices.DeleteFunc(all, func(t *tls.Config) bool { return t == nil })
}

// withHost returns settings that name the host, too.
func withHost(settings, host string) string {
	switch {
	case !isURL(settings):
		return settings + " host='" + host + "'"
	case strings.Contains(settings, "?"):
		return settings + "&host=" + url.QueryEscape(host)
	}
	return settings + "?host=" + url.QueryEscape(host)
}

// connectTo connects to the given addresses without resolving the names of the
// hosts. TLS still verifies the names.
func connectTo(config *pgxpool.Config, hostaddr string) error {
	if hostaddr == "" {
		return nil
	}
	addresses := strings.Split(hostaddr, ",")
	c := &config.ConnConfig.Config
	attempts := 1 + len(c.Fallbacks)
	perHost := 1
	if attempts > 1 && (c.TLSConfig == nil) != (c.Fallbacks[0].TLSConfig == nil) {
		perHost = 2 // with TLS and without
	}
	if attempts != perHost*len(addresses) {
		return core.NewError(core.KindInvalid, fmt.Sprintf("PGHOSTADDR has %d addresses for %d hosts.", len(addresses), attempts/perHost))
	}
	c.Host = addresses[0]
	for i, fallback := range c.Fallbacks {
		fallback.Host = addresses[(i+1)/perHost]
	}
	return nil
}
