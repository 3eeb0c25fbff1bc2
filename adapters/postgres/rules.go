package postgres

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A rule checks the value of a parameter. Its error completes a sentence that
// begins with the parameter's name. It does not quote the value, which may be a
// secret in the wrong place.
type rule func(value string) error

// rules has the parameters of libpq that pgx does not check, does not name in its
// error, or does not know and would send to the server, which refuses them.
var rules = map[string]rule{
	"host":                 hosts,
	"port":                 ports,
	"hostaddr":             addresses,
	"connect_timeout":      seconds,
	"sslmode":              oneOf("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
	"ssl":                  only("write sslmode=require instead", "true"),
	"sslnegotiation":       oneOf("postgres", "direct"),
	"sslsni":               oneOf("0", "1"),
	"sslcertmode":          oneOf("disable", "allow", "require"),
	"sslrootcert":          certificates,
	"sslcert":              file,
	"sslkey":               file,
	"require_auth":         authMethods,
	"channel_binding":      oneOf("disable", "prefer", "require"),
	"target_session_attrs": oneOf("any", "read-write", "primary", "prefer-standby"), // the others never take a write
	"min_protocol_version": oneOf("3.0", "3.2", "latest"),
	"max_protocol_version": oneOf("3.0", "3.2", "latest"),

	"ssl_min_protocol_version": oneOf("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
	"ssl_max_protocol_version": oneOf("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"),

	// These have no effect, and are accepted if they state what is the case
	// anyway.
	"client_encoding":    only("text is always sent as UTF-8", "UTF8", "UTF-8", "utf8", "utf-8", "unicode", "UNICODE", "auto"),
	"gssencmode":         only("there is no encryption by GSSAPI; use sslmode", "disable", "prefer"),
	"gssdelegation":      only("there is no authentication by GSSAPI", "0"),
	"keepalives":         only("connections are always probed", "1"),
	"load_balance_hosts": only("hosts are tried in their order", "disable"),
	"replication":        only("connections are not for replication", "0", "false", "no", "off"),
	"requiressl":         only("write sslmode=require (PGSSLMODE=require) instead", "0"),
	"sslcompression":     only("TLS is not compressed", "0"),

	// To ignore these would silently omit what they request.
	"sslcrl":              refuse("certificates are not checked for revocation"),
	"sslcrldir":           refuse("certificates are not checked for revocation"),
	"requirepeer":         refuse("the owner of a server behind a socket is not checked"),
	"sslkeylogfile":       refuse("keys are not logged"),
	"scram_client_key":    refuse("give the password instead"),
	"scram_server_key":    refuse("give the password instead"),
	"gsslib":              refuse("there is no authentication by GSSAPI"),
	"oauth_issuer":        refuse("there is no authentication by OAuth"),
	"oauth_client_id":     refuse("there is no authentication by OAuth"),
	"oauth_client_secret": refuse("there is no authentication by OAuth"),
	"oauth_scope":         refuse("there is no authentication by OAuth"),
	"keepalives_idle":     refuse("leave it out, connections are probed anyway"),
	"keepalives_interval": refuse("leave it out, connections are probed anyway"),
	"keepalives_count":    refuse("leave it out, connections are probed anyway"),
	"tcp_user_timeout":    refuse("leave it out, each call has a time limit anyway"),
}

// foreign has the parameters of URLs for other clients: Prisma, JDBC, Rails,
// Django, SQLAlchemy, node-postgres and lib/pq.
var foreign = map[string]rule{
	"schema":                        refuse("write search_path=NAME instead"),
	"currentSchema":                 refuse("write search_path=NAME instead"),
	"pgbouncer":                     refuse("leave it out; docs/operations.md says what PgBouncer needs"),
	"connection_limit":              refuse("write pool_max_conns=NUMBER instead"),
	"pool":                          refuse("write pool_max_conns=NUMBER instead"),
	"pool_size":                     refuse("write pool_max_conns=NUMBER instead"),
	"max":                           refuse("write pool_max_conns=NUMBER instead"),
	"conn_max_age":                  refuse("write pool_max_conn_lifetime=DURATION instead"),
	"pool_timeout":                  refuse("leave it out, each call has a time limit anyway"),
	"checkout_timeout":              refuse("leave it out, each call has a time limit anyway"),
	"socket_timeout":                refuse("leave it out, each call has a time limit anyway"),
	"socketTimeout":                 refuse("leave it out, each call has a time limit anyway"),
	"connectTimeout":                refuse("write connect_timeout=SECONDS instead"),
	"loginTimeout":                  refuse("write connect_timeout=SECONDS instead"),
	"ApplicationName":               refuse("write application_name=NAME instead"),
	"targetServerType":              refuse("write target_session_attrs=primary instead"),
	"loadBalanceHosts":              refuse("leave it out, hosts are tried in their order"),
	"sslaccept":                     refuse("write sslmode=verify-full or sslmode=require instead"),
	"sslidentity":                   refuse("write sslcert=FILE and sslkey=FILE instead"),
	"sslfactory":                    refuse("write sslmode=verify-full or sslmode=require instead"),
	"uselibpqcompat":                refuse("leave it out, sslmode means what it means to libpq"),
	"encoding":                      refuse("leave it out, text is always sent as UTF-8"),
	"adapter":                       refuse("leave it out"),
	"supa":                          refuse("leave it out"),
	"tcpKeepAlive":                  refuse("leave it out, connections are probed anyway"),
	"stringtype":                    refuse("leave it out"),
	"reWriteBatchedInserts":         refuse("leave it out"),
	"binary_parameters":             refuse("leave it out"),
	"prepared_statements":           refuse("leave it out, or write default_query_exec_mode=exec where statements can't be prepared"),
	"prepareThreshold":              refuse("leave it out, or write default_query_exec_mode=exec where statements can't be prepared"),
	"preparedStatementCacheQueries": refuse("write statement_cache_capacity=NUMBER instead"),
	"prepared_statement_cache_size": refuse("write statement_cache_capacity=NUMBER instead"),
	"statement_cache_size":          refuse("write statement_cache_capacity=NUMBER instead"),
}

func oneOf(values ...string) rule {
	last := len(values) - 1
	return func(value string) error {
		if !slices.Contains(values, value) {
			return fmt.Errorf("is not %s or %s", strings.Join(values[:last], ", "), values[last])
		}
		return nil
	}
}

func only(why string, values ...string) rule {
	return func(value string) error {
		if !slices.Contains(values, value) {
			return fmt.Errorf("can't be used: %s", why)
		}
		return nil
	}
}

func refuse(why string) rule {
	return func(string) error { return fmt.Errorf("can't be used: %s", why) }
}

func each(list string, valid func(string) bool) bool {
	for item := range strings.SplitSeq(list, ",") {
		if !valid(item) {
			return false
		}
	}
	return true
}

func hosts(list string) error {
	if !each(list, func(host string) bool {
		_, err := netip.ParseAddr(host)
		return err == nil || filepath.IsAbs(host) || !strings.ContainsAny(host, ":/@?#[]()'\" \t\r\n")
	}) {
		return errors.New("is not the name or address of a server, or several separated by commas; the port is set by port (PGPORT)")
	}
	return nil
}

func addresses(list string) error {
	if !each(list, func(address string) bool {
		_, err := netip.ParseAddr(address)
		return err == nil
	}) {
		return errors.New("is not an IP address, or several separated by commas")
	}
	return nil
}

func ports(list string) error {
	if !each(list, func(port string) bool {
		n, err := strconv.ParseUint(port, 10, 16)
		return port == "" || err == nil && n > 0
	}) {
		return errors.New("is not a port number, or several separated by commas")
	}
	return nil
}

func authMethods(list string) error {
	methods := []string{"password", "md5", "gss", "sspi", "scram-sha-256", "oauth", "none"}
	if !each(list, func(method string) bool { return slices.Contains(methods, strings.TrimPrefix(method, "!")) }) {
		return errors.New("is not a list of methods of authentication such as scram-sha-256")
	}
	return nil
}

func seconds(value string) error {
	if _, err := strconv.ParseUint(value, 10, 31); err != nil {
		return errors.New("is not a number of seconds")
	}
	return nil
}

func file(path string) error {
	if _, err := os.ReadFile(path); err != nil {
		return fmt.Errorf("names a file that can't be read: %w", err)
	}
	return nil
}

func certificates(path string) error {
	if path == "system" {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("names a file that can't be read: %w", err)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(content) {
		return fmt.Errorf("names a file without a certificate in PEM: %s", path)
	}
	return nil
}

var tlsVersions = map[string]uint16{
	"TLSv1": tls.VersionTLS10, "TLSv1.1": tls.VersionTLS11, "TLSv1.2": tls.VersionTLS12, "TLSv1.3": tls.VersionTLS13,
}
