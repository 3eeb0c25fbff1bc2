package soak

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	goredis "github.com/redis/go-redis/v9"
)

// breakSomething lets one fault happen and returns when it is over.
func (s *soak) breakSomething() {
	s.setCalm(time.Time{})
	defer func() { s.setCalm(time.Now()) }()
	r := goredis.NewClient(&goredis.Options{Addr: s.redis.Addr()})
	defer func() { _ = r.Close() }()
	ctx := s.t.Context()
	switch rand.IntN(11) {
	case 0, 1:
		i := apis + rand.IntN(workers)
		p, _ := s.in(i)
		p.Kill()
		s.count("workers killed")
		s.start(i)
	case 2:
		i := rand.IntN(apis)
		p, _ := s.in(i)
		p.Kill()
		s.count("APIs killed")
		s.start(i)
	case 3, 4:
		p, _ := s.in(rand.IntN(len(s.places)))
		p.Pause(time.Second + rand.N(8*time.Second))
		s.count("programs paused")
	case 5:
		_ = r.FlushAll(ctx).Err()
		s.count("Redis flushed")
	case 6:
		s.limitRedis([]string{"8mb", "48mb"}[rand.IntN(2)])
		s.count("values evicted by a smaller Redis")
	case 7:
		s.postgres.Kill()
		s.postgres.Start()
		s.count("Postgres killed")
	case 8:
		s.redis.Restart()
		s.count("Redis restarted empty")
	case 9:
		s.redis.Pause()
		time.Sleep(time.Second + rand.N(5*time.Second))
		s.redis.Unpause()
		s.count("Redis paused")
	case 10:
		s.disk.Fill()
		if rand.IntN(2) == 0 {
			s.switchLog() // it needs room at once, and ends without it
		}
		time.Sleep(time.Second + rand.N(5*time.Second))
		s.disk.Free()
		s.postgres.Start() // it has ended if it could not write its log
		s.count("Postgres' disk filled")
	}
}

func (s *soak) setCalm(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calm = at
}

// switchLog has Postgres begin a new file of its log, if it can.
func (s *soak) switchLog() {
	ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Second)
	defer cancel()
	if c, err := pgx.Connect(ctx, s.postgres.PostgresURL()); err == nil {
		_, _ = c.Exec(ctx, "SELECT pg_switch_wal()")
		_ = c.Close(ctx)
	}
}

func (s *soak) limitRedis(memory string) {
	r := goredis.NewClient(&goredis.Options{Addr: s.redis.Addr()})
	defer func() { _ = r.Close() }()
	_ = r.ConfigSet(s.t.Context(), "maxmemory", memory).Err()
}
