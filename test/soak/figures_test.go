package soak

import (
	"bufio"
	"net/http"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// figure is what must not grow, at one time: of each place, and of Redis.
type figure struct {
	at          time.Time
	memory      [apis + workers]int64
	descriptors [apis + workers]int
	goroutines  [apis + workers]int
	keys        int64 // in Redis beside the values
}

func (s *soak) measure() figure {
	f := figure{at: time.Now()}
	for i := range s.places {
		p, c := s.in(i)
		f.memory[i], f.descriptors[i] = p.Memory("VmRSS"), p.Descriptors()
		if a, err := c.Do(http.MethodGet, "/metrics", ""); err == nil {
			f.goroutines[i] = goroutinesIn(a.Text)
		}
	}
	r := goredis.NewClient(&goredis.Options{Addr: s.redis.Addr()})
	defer func() { _ = r.Close() }()
	for keys := r.Scan(s.t.Context(), 0, "*", 10_000).Iterator(); keys.Next(s.t.Context()); {
		if !strings.Contains(keys.Val(), ":value") {
			f.keys++
		}
	}
	s.t.Logf("measured: %d MiB, %d descriptors, %d goroutines in APIs and workers; %d keys in Redis beside the values", inMebibytes(f.memory), f.descriptors, f.goroutines, f.keys)
	return f
}

func goroutinesIn(metrics string) int {
	for lines := bufio.NewScanner(strings.NewReader(metrics)); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), "go_goroutines "); found {
			count, _ := strconv.Atoi(value)
			return count
		}
	}
	return 0
}

func inMebibytes(bytes [apis + workers]int64) (mebibytes [apis + workers]int64) {
	for i := range bytes {
		mebibytes[i] = bytes[i] >> 20
	}
	return mebibytes
}

// checkFlat checks that the last figures, after the load, are not much above the first that were taken under it.
func (s *soak) checkFlat(figures []figure) {
	first, last := figures[0], figures[len(figures)-1]
	if len(figures) > 2 {
		first = figures[1] // under load
	}
	for i := range s.places {
		if last.descriptors[i] > 2*first.descriptors[i]+50 {
			s.t.Errorf("the program in place %d has %d descriptors after the load, and had %d at its begin", i, last.descriptors[i], first.descriptors[i])
		}
		if last.goroutines[i] > 2*first.goroutines[i]+50 {
			s.t.Errorf("the program in place %d has %d goroutines after the load, and had %d at its begin", i, last.goroutines[i], first.goroutines[i])
		}
		if last.memory[i] > 2*first.memory[i]+128<<20 {
			s.t.Errorf("the program in place %d has %d MiB after the load, and had %d at its begin", i, last.memory[i]>>20, first.memory[i]>>20)
		}
	}
	if last.keys > 2*first.keys+100 {
		s.t.Errorf("Redis has %d keys beside the values after the load, and had %d at its begin", last.keys, first.keys)
	}
}
