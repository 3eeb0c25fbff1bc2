package servers_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }

// open returns a connection that ends with the test.
func open(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
	defer cancel()
	connection, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.Background()) })
	return connection
}

// ask runs a query that answers with one text.
func ask(t *testing.T, connection *pgx.Conn, query string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
	defer cancel()
	var answer string
	if err := connection.QueryRow(ctx, query).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func do(t *testing.T, connection *pgx.Conn, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), servers.HangTimeout)
	defer cancel()
	if _, err := connection.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}

func client(t *testing.T, s *servers.RedisServer) redis.UniversalClient {
	t.Helper()
	c := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs: s.Addrs, Username: s.Username, Password: s.Password, TLSConfig: s.TLS,
	})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// roundTrip writes a key and reads it back.
func roundTrip(t *testing.T, c redis.UniversalClient, key string) {
	t.Helper()
	if err := c.Set(t.Context(), key, "fib", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if got := c.Get(t.Context(), key).Val(); got != "fib" {
		t.Errorf("%s = %q", key, got)
	}
}

func TestPostgres_NewDatabaseHasVerifiedTLSAndAPlainRole(t *testing.T) {
	t.Parallel()
	server := servers.Postgres(t)
	connection := open(t, server.NewDatabase(t))
	do(t, connection, "CREATE TABLE seen (index bigint)")
	if got := ask(t, connection, "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"); !strings.HasPrefix(got, "TLS") {
		t.Errorf("the connection has TLS version %q", got)
	}
	const rights = `SELECT concat(rolsuper, rolcreatedb, rolcreaterole) FROM pg_roles WHERE rolname = current_user`
	if got := ask(t, connection, rights); got != "fff" {
		t.Errorf("superuser, may create databases, roles: %s", got)
	}
	if got := ask(t, connection, "SHOW max_connections"); got != "200" {
		t.Errorf("max_connections = %s", got)
	}
}

func TestPostgres_DatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	server := servers.Postgres(t)
	do(t, open(t, server.NewDatabase(t)), "CREATE TABLE seen (index bigint)")
	if got := ask(t, open(t, server.NewDatabase(t)), "SELECT coalesce(to_regclass('seen')::text, 'none')"); got != "none" {
		t.Errorf("a new database has %s", got)
	}
}

func TestRedis_StoresAValue(t *testing.T) {
	t.Parallel()
	roundTrip(t, client(t, servers.Redis(t)), "testkit")
}

func TestRedisTLS_RequiresItsUserAndItsAuthority(t *testing.T) {
	t.Parallel()
	server := servers.RedisTLS(t)
	roundTrip(t, client(t, server), "testkit")

	anonymous := *server
	anonymous.Username, anonymous.Password = "", ""
	if err := client(t, &anonymous).Ping(t.Context()).Err(); err == nil || !strings.HasPrefix(err.Error(), "NOAUTH") {
		t.Errorf("without a user: %v", err)
	}
	untrusting := *server
	untrusting.TLS = server.TLS.Clone()
	untrusting.TLS.RootCAs = nil
	if err := client(t, &untrusting).Ping(t.Context()).Err(); err == nil || !strings.Contains(err.Error(), "x509") {
		t.Errorf("without the authority: %v", err)
	}
}

func TestRedisCluster_HasItsSlotsOnThreeMasters(t *testing.T) {
	t.Parallel()
	c := client(t, servers.RedisCluster(t))
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		roundTrip(t, c, "testkit:"+key)
	}
	slots, err := c.ClusterSlots(t.Context()).Result()
	if err != nil {
		t.Fatal(err)
	}
	masters, served := map[string]bool{}, 0
	for _, s := range slots {
		masters[s.Nodes[0].Addr] = true
		served += s.End - s.Start + 1
	}
	if len(masters) != 3 || served != 16384 {
		t.Errorf("%d slots on %v", served, masters)
	}
}

func TestPostgres_KeepsAddressAndDataOverRestartAndKill(t *testing.T) {
	t.Parallel()
	server := servers.StartPostgres(t, "-c", "max_connections=20")
	connection := open(t, server.PostgresURL())
	if got := ask(t, connection, "SHOW max_connections"); got != "20" {
		t.Errorf("max_connections = %s", got)
	}
	do(t, connection, "CREATE TABLE seen AS SELECT 'kept' AS word")
	server.Restart()
	do(t, open(t, server.PostgresURL()), "UPDATE seen SET word = word || ' twice'")
	server.Kill()
	if c, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Addr()); err == nil {
		_ = c.Close()
		t.Error("a killed server takes connections")
	}
	server.Start()
	if got := ask(t, open(t, server.PostgresURL()), "SELECT word FROM seen"); got != "kept twice" {
		t.Errorf("the row says %q", got)
	}
}

func TestRedis_IsPausedAndRestartedEmpty(t *testing.T) {
	t.Parallel()
	server := servers.StartRedis(t, "--save", "", "--appendonly", "no", "--maxmemory", "8mb")
	c := client(t, &servers.RedisServer{Addrs: []string{server.Addr()}})
	roundTrip(t, c, "testkit")
	if got := server.Exec("redis-cli", "CONFIG", "GET", "maxmemory"); !strings.Contains(got, "8388608") {
		t.Errorf("maxmemory is %s", got)
	}

	server.Pause()
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := c.Ping(short).Err(); err == nil {
		t.Error("a paused server answers")
	}
	server.Unpause()
	if got := c.Get(t.Context(), "testkit").Val(); got != "fib" {
		t.Errorf("after Unpause the value is %q", got)
	}

	server.Restart()
	if got := c.Exists(t.Context(), "testkit").Val(); got != 0 {
		t.Error("the value outlived the server")
	}
}

func TestRedisCluster_KeepsDataOverTheRestartOfAMaster(t *testing.T) {
	t.Parallel()
	nodes := servers.StartRedisCluster(t, "--cluster-node-timeout", "60000") // none is to count as failed
	var addresses []string
	for _, node := range nodes {
		addresses = append(addresses, node.Addr())
	}
	c := client(t, &servers.RedisServer{Addrs: addresses})
	keys := []string{"a", "b", "c", "d", "e"} // on all three
	for _, key := range keys {
		roundTrip(t, c, key)
	}
	nodes[1].Stop()
	nodes[1].Start()
	start := time.Now()
	for _, key := range keys {
		testkit.Eventually(t, key, func() error {
			got, err := c.Get(t.Context(), key).Result()
			if err == nil && got != "fib" {
				err = errors.New("it is " + got)
			}
			return err
		})
	}
	t.Logf("all keys were back %v after the start of their master", time.Since(start).Round(time.Millisecond))
}
