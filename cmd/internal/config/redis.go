package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
)

const (
	redisPort    = 6379
	sentinelPort = 26379
)

// redis returns the options of the adapter. No error quotes a value: it may
// contain a password.
func (e environment) redis() (redis.Options, error) {
	var (
		o              redis.Options
		address, hosts string
		secure         bool
		port           uint16 = redisPort
	)
	settings := []setting{
		{"REDIS_URL", text(&address)},
		{"REDIS_USERNAME", text(&o.Username)},
		{"REDIS_PASSWORD", text(&o.Password)},
		{"REDIS_TLS", flag(&secure)},
		{"REDIS_CLUSTER", flag(&o.Cluster)},
		{"REDIS_SENTINEL_MASTER", text(&o.MasterName)},
		{"REDIS_PREFIX", prefix(&o.Prefix)},
	}
	var fileErr error
	if e["REDIS_SENTINEL_MASTER"] != "" {
		port = sentinelPort
		fileErr = e.readFiles(sentinelSecrets)
		settings = append(settings,
			setting{"REDIS_SENTINEL_USERNAME", text(&o.SentinelUsername)},
			setting{"REDIS_SENTINEL_PASSWORD", text(&o.SentinelPassword)},
		)
	}
	if e["REDIS_URL"] == "" {
		settings = append(settings,
			setting{"REDIS_HOST", text(&hosts)},
			setting{"REDIS_PORT", number(&port, "a port number", 1, 65535)},
		)
	}
	if err := errors.Join(fileErr, e.read(settings...)); err != nil {
		return o, err
	}
	variable := "REDIS_HOST"
	if address != "" {
		variable = "REDIS_URL"
		single, authority, err := parseRedisURL(address)
		if err != nil {
			return o, err
		}
		if single.Username != "" {
			o.Username = single.Username
		}
		if single.Password != "" {
			o.Password = single.Password
		}
		o.DB, hosts, secure = single.DB, authority, secure || single.TLSConfig != nil
	}
	if hosts == "" {
		return o, nil // REDIS_URL_FILE could not be read, which servers reports
	}
	var err error
	if o.Addrs, err = addresses(variable, hosts, strconv.Itoa(int(port))); err != nil {
		return o, err
	}
	if secure {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12} // each server must present a certificate for the host it is dialled at
	}
	return o, redis.Check(o)
}

func prefix(target *string) func(string) error {
	return func(value string) error {
		if strings.ContainsAny(value, "{}") {
			return errors.New("contains a brace; braces in a key mark the hash tag that selects its slot in a Cluster")
		}
		*target = value
		return nil
	}
}

// parseRedisURL returns the options in a URL, and its hosts, which may be several
// separated by commas.
func parseRedisURL(text string) (single *goredis.Options, hosts string, err error) {
	hosts, rest, err := splitURL(text)
	if err != nil {
		return nil, "", err
	}
	single, err = goredis.ParseURL(rest)
	if err != nil || strings.Contains(rest, "?") {
		return nil, "", errors.New("REDIS_URL is invalid: write redis://USER:PASSWORD@HOST:PORT, or rediss:// for TLS, with the password percent-encoded; separate several hosts by commas; parameters are not supported")
	}
	return single, hosts, nil
}

// splitURL returns the hosts of a URL, which may be several separated by commas,
// and the URL with only the first of them.
func splitURL(text string) (hosts, rest string, err error) {
	bad := errors.New("REDIS_URL is not a URL: write redis://USER:PASSWORD@HOST:PORT, or rediss:// for TLS")
	if strings.Contains(text, "#") {
		return "", "", errors.New("REDIS_URL contains a #, which begins the fragment of a URL: write it as %23 in a password")
	}
	scheme, after, found := strings.Cut(text, "://")
	if !found {
		return "", "", bad
	}
	end := strings.IndexAny(after, "/?")
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
	return strings.ReplaceAll(hosts, "%25", "%"), rest, nil // %25eth0 is the zone of an IPv6 address
}

// addresses returns the host:port of each host in a list separated by commas. Its
// error names the variable that the list comes from.
func addresses(variable, hosts, defaultPort string) ([]string, error) {
	var all []string
	for host := range strings.SplitSeq(hosts, ",") {
		host = strings.TrimSpace(host)
		name, port, err := net.SplitHostPort(host)
		if err != nil {
			name, port = strings.Trim(host, "[]"), defaultPort
		}
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 || !isHost(name) {
			return nil, fmt.Errorf("%s is not HOST or HOST:PORT, or several of them separated by commas", variable)
		}
		all = append(all, net.JoinHostPort(name, port))
	}
	return all, nil
}

// isHost reports whether a name is a host name or an IP address, which may have a
// zone.
func isHost(name string) bool {
	if address, err := netip.ParseAddr(name); err == nil {
		name = address.Zone()
	} else if name == "" {
		return false
	}
	return !strings.ContainsAny(name, "/@?#[] :'\"\t\r\n")
}
