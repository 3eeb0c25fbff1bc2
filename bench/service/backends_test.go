package service

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// backends are the Postgres and the Redis of all that is measured on servers. Postgres syncs to disk; Redis keeps its data in memory,
// as the Redis of docker-compose.production.yml does. Programs reach them at the containers' own addresses: published ports may pass a
// proxy of the engine.
type backends struct {
	t        testing.TB
	postgres string // host:port
	redis    string // host:port
	user     *url.URL
	db       *pgx.Conn
	cache    *redis.Client
	names    int
	asked    int64 // calls of INFO
}

func startServers(t testing.TB) *backends {
	t.Helper()
	postgres := servers.StartPostgres(t, "-c", "max_connections=500")
	cache := servers.StartRedis(t, "--save", "", "--appendonly", "no", "--maxmemory", "512mb", "--maxmemory-policy", "volatile-lru")
	user, err := url.Parse(postgres.PostgresURL())
	if err != nil {
		t.Fatal(err)
	}
	b := &backends{
		t: t, user: user,
		postgres: net.JoinHostPort(postgres.IP(), "5432"), redis: net.JoinHostPort(cache.IP(), "6379"),
	}
	user.Host = b.postgres
	if b.db, err = pgx.Connect(t.Context(), user.String()); err != nil {
		t.Fatal(err)
	}
	b.cache = redis.NewClient(&redis.Options{Addr: b.redis})
	t.Cleanup(func() {
		_ = b.db.Close(context.Background())
		_ = b.cache.Close()
	})
	return b
}

// place is a database and a prefix of keys of one system, with the addresses that its programs reach them at.
type place struct{ database, redis, prefix string }

func (b *backends) newPlace() place {
	b.t.Helper()
	b.names++
	name := fmt.Sprintf("bench_%d", b.names)
	if _, err := b.db.Exec(b.t.Context(), "CREATE DATABASE "+name); err != nil {
		b.t.Fatal(err)
	}
	at := *b.user
	at.Path = "/" + name
	return place{at.String(), b.redis, name}
}

// settings are those of Pisano's programs.
func (p place) settings() []string {
	return []string{"DATABASE_URL=" + p.database, "REDIS_URL=redis://" + p.redis, "REDIS_PREFIX=" + p.prefix}
}

// through returns the place as it is reached through taps.
func (p place) through(postgres, redis *tap) place {
	at, err := url.Parse(p.database)
	if err != nil {
		panic(err) // newPlace made it
	}
	at.Host, p.redis = postgres.address(), redis.address()
	p.database = at.String()
	return p
}

// redisInfo returns the fields of a section of INFO.
func (b *backends) redisInfo(section string) map[string]string {
	b.t.Helper()
	b.asked++
	text, err := b.cache.Info(b.t.Context(), section).Result()
	if err != nil {
		b.t.Fatal(err)
	}
	fields := make(map[string]string)
	for line := range strings.Lines(text) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found {
			fields[name] = value
		}
	}
	return fields
}

// ask returns the only value of a query.
func ask[T any](b *backends, query string) (value T) {
	b.t.Helper()
	if err := b.db.QueryRow(b.t.Context(), query).Scan(&value); err != nil {
		b.t.Fatalf("%s: %v", query, err)
	}
	return value
}
