package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/postgres"
	"github.com/pisano-dev/pisano/adapters/redis"
)

// postgresVariables are those that say where Postgres is. How it is spoken to,
// such as PGSSLMODE, the library reads for itself.
var postgresVariables = []string{"DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "PGSERVICE"}

// redisVariables are those that say where Redis is.
type redisVariables struct {
	URL       string `env:"REDIS_URL"`
	Host      string `env:"REDIS_HOST"`
	RedisPort uint16 `env:"REDIS_PORT"`
	Username  string `env:"REDIS_USERNAME"`
	Password  string `env:"REDIS_PASSWORD"`
	TLS       bool   `env:"REDIS_TLS"`
	Cluster   bool   `env:"REDIS_CLUSTER"`
	Sentinel  string `env:"REDIS_SENTINEL_MASTER"`
}

// servers returns where the servers are, or nil if neither is named.
func servers(environment map[string]string, variables redisVariables) (*Servers, error) {
	var isPostgres string // the first variable that names it
	for _, variable := range postgresVariables {
		if isPostgres == "" && environment[variable] != "" {
			isPostgres = variable
		}
	}
	isRedis := "REDIS_URL"
	if variables.URL == "" {
		isRedis = "REDIS_HOST"
	}
	hasRedis := variables.URL != "" || variables.Host != ""
	switch {
	case isPostgres == "" && !hasRedis:
		return nil, nil
	case !hasRedis:
		return nil, fmt.Errorf("%s names a Postgres, but no Redis is named: set REDIS_URL or REDIS_HOST as well, or neither to keep everything in one file", isPostgres)
	case isPostgres == "":
		return nil, fmt.Errorf("%s names a Redis, but no Postgres is named: set DATABASE_URL or PGHOST as well, or neither to keep everything in one file", isRedis)
	}
	s := &Servers{Postgres: environment["DATABASE_URL"]}
	options, redisFault := variables.options()
	s.Redis = options
	return s, errors.Join(postgres.Check(s.Postgres), redisFault)
}

// options are those of the adapter. No error repeats what was given: it may
// hold a password.
func (v redisVariables) options() (redis.Options, error) {
	o := redis.Options{
		Username: v.Username, Password: v.Password,
		Cluster: v.Cluster, MasterName: v.Sentinel,
	}
	hosts := v.Host
	secure := v.TLS
	if v.URL != "" {
		authority, rest, err := splitURL(v.URL)
		if err != nil {
			return o, err
		}
		single, err := goredis.ParseURL(rest)
		if err != nil || strings.Contains(rest, "?") {
			return o, errors.New("REDIS_URL can't be used: write redis://USER:PASSWORD@HOST:PORT, or rediss:// for TLS, with the password percent-encoded; several hosts are separated by commas; it takes no parameters")
		}
		if single.Username != "" {
			o.Username = single.Username
		}
		if single.Password != "" {
			o.Password = single.Password
		}
		o.DB = single.DB
		hosts, secure = authority, secure || single.TLSConfig != nil
	}
	var err error
	if o.Addrs, err = addresses(hosts, v.defaultPort()); err != nil {
		return o, err
	}
	if secure {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12} // each server proves the name it is dialled by
	}
	return o, redis.Check(o)
}

func (v redisVariables) defaultPort() string {
	switch {
	case v.RedisPort != 0:
		return strconv.Itoa(int(v.RedisPort))
	case v.Sentinel != "":
		return "26379"
	}
	return "6379"
}

// splitURL separates the hosts of a URL, which may be several, from the rest,
// which keeps the first of them.
func splitURL(text string) (hosts, rest string, err error) {
	bad := errors.New("REDIS_URL is not a URL: write redis://USER:PASSWORD@HOST:PORT, or rediss:// for TLS")
	scheme, after, found := strings.Cut(text, "://")
	if !found {
		return "", "", bad
	}
	end := strings.IndexAny(after, "/?#")
	if end < 0 {
		end = len(after)
	}
	authority, tail := after[:end], after[end:]
	at := strings.LastIndex(authority, "@") + 1
	user, hosts := authority[:at], authority[at:]
	first, _, _ := strings.Cut(hosts, ",")
	rest = scheme + "://" + user + first + tail
	if _, err := url.Parse(rest); err != nil || hosts == "" {
		return "", "", bad
	}
	return hosts, rest, nil
}

// addresses returns host:port of hosts separated by commas.
func addresses(hosts, defaultPort string) ([]string, error) {
	var all []string
	for host := range strings.SplitSeq(hosts, ",") {
		host = strings.TrimSpace(host)
		name, port, err := net.SplitHostPort(host)
		if err != nil {
			name, port = strings.Trim(host, "[]"), defaultPort
		}
		isName := name != "" && (!strings.ContainsAny(name, "/@?#[] :") || net.ParseIP(name) != nil)
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 || !isName {
			return nil, errors.New("the address of Redis is not HOST or HOST:PORT, or several of them separated by commas")
		}
		all = append(all, net.JoinHostPort(name, port))
	}
	return all, nil
}
