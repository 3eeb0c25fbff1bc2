package soak

import (
	"bufio"
	"net/http"
	"regexp"
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
	fields      int64 // of the hashes of the queue
}

// ofQueue matches the hashes in which the queue keeps what belongs to its tasks.
var ofQueue = regexp.MustCompile(`:(jobs|claims|progress|backlog)(:|$)`)

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
		if strings.Contains(keys.Val(), ":value") {
			continue
		}
		f.keys++
		if ofQueue.MatchString(keys.Val()) {
			f.fields += r.HLen(s.t.Context(), keys.Val()).Val()
		}
	}
	s.t.Logf("measured: %d MiB, %d descriptors, %d goroutines in APIs and workers; %d keys in Redis beside the values, %d fields of the queue",
		inMebibytes(f.memory), f.descriptors, f.goroutines, f.keys, f.fields)
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

// checkFlat checks that the figures after the load, when all is done, are not much above those before it.
func (s *soak) checkFlat(first, last figure) {
	for i := range s.places {
		if last.descriptors[i] > 2*first.descriptors[i]+50 {
			s.t.Errorf("the program in place %d has %d descriptors after the load, and had %d before it", i, last.descriptors[i], first.descriptors[i])
		}
		if last.goroutines[i] > 2*first.goroutines[i]+50 {
			s.t.Errorf("the program in place %d has %d goroutines after the load, and had %d before it", i, last.goroutines[i], first.goroutines[i])
		}
		if last.memory[i] > 2*first.memory[i]+128<<20 {
			s.t.Errorf("the program in place %d has %d MiB after the load, and had %d before it", i, last.memory[i]>>20, first.memory[i]>>20)
		}
	}
	if last.keys > 2*first.keys+100 {
		s.t.Errorf("Redis has %d keys beside the values after the load, and had %d before it", last.keys, first.keys)
	}
	if last.fields > 2*first.fields+100 {
		s.t.Errorf("the queue has %d fields in Redis after the load, and had %d before it", last.fields, first.fields)
	}
}
