package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
)

const (
	// fair is how long a newcomer waits at most for a small index, while there is no fault.
	fair = 5 * time.Second
	// recovery is how long after a fault a wait may still be due to it: a lease, and what was pushed meanwhile.
	recovery = 30 * time.Second
)

// somebody is a user that was never seen before.
func somebody() string {
	return fmt.Sprintf("X-Forwarded-For: 10.%d.%d.%d", rand.IntN(256), rand.IntN(256), 1+rand.IntN(254))
}

// submit submits indices as a user, and notes what was accepted.
func (s *soak) submit(user string, indices ...core.Index) bool {
	body := strings.ReplaceAll(fmt.Sprint(indices), " ", ",")
	a, err := s.anAPI().Do(http.MethodPost, "/indices", `{"indices":`+body+`}`, user)
	switch {
	case err != nil:
		s.count("submissions without an answer")
		return false
	case a.StatusCode >= 300:
		s.count("submissions answered %d", a.StatusCode)
		if a.StatusCode >= 500 && a.StatusCode != http.StatusServiceUnavailable {
			s.t.Errorf("a submission is answered %d: %s", a.StatusCode, a.Text)
		}
		return false
	}
	s.count("submissions accepted")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range indices {
		s.accepted[n] = true
	}
	return true
}

// comeNew has newcomers submit a small index, seldom known already, and wait for it.
func (s *soak) comeNew(ctx context.Context) {
	for ctx.Err() == nil {
		n := core.Index(rand.IntN(50_000)) * core.Index(1-2*rand.IntN(2))
		begin := time.Now()
		s.mu.Lock()
		quiet := !s.calm.IsZero() && begin.Sub(s.calm) > recovery
		s.mu.Unlock()
		if s.submit(somebody(), n) {
			testkit.Eventually(s.t, "a newcomer's index", func() error { return s.anAPI().Is(n, "calculated")() })
			waited := time.Since(begin)
			s.mu.Lock()
			quiet = quiet && s.calm.Before(begin) && !s.calm.IsZero()
			s.mu.Unlock()
			if quiet && waited > fair {
				s.t.Errorf("a newcomer waited %v for F(%d), long after the latest fault", waited, n)
			}
		}
		pause(ctx, 300*time.Millisecond)
	}
}

// push has one user submit as much as it can, old indices and new ones, small and large.
func (s *soak) push(ctx context.Context) {
	for ctx.Err() == nil {
		indices := make([]core.Index, 0, 200)
		first := core.Index(50_000 + rand.IntN(20_000))
		for i := range core.Index(200) {
			indices = append(indices, first+i)
		}
		s.submit("X-Forwarded-For: 192.0.2.1", indices...)
		if rand.IntN(20) == 0 {
			s.submit("X-Forwarded-For: 192.0.2.1", core.Index(2_000_000+rand.IntN(100)))
		}
		pause(ctx, 500*time.Millisecond)
	}
}

// leave has users submit and close the connection before the answer.
func (s *soak) leave(ctx context.Context) {
	for ctx.Err() == nil {
		conn, err := s.anAPI().Dial()
		if err == nil {
			body := fmt.Sprintf(`{"index":%d}`, 80_000+rand.IntN(5000))
			_, _ = fmt.Fprintf(conn, "POST /indices HTTP/1.1\r\nHost: localhost\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", somebody(), len(body), body)
			pause(ctx, rand.N(5*time.Millisecond))
			_ = conn.Close()
			s.count("users that left")
		}
		pause(ctx, 50*time.Millisecond)
	}
}

// read has users read values, whether they are there or not.
func (s *soak) read(ctx context.Context) {
	for ctx.Err() == nil {
		target := fmt.Sprintf("/values/%d", rand.IntN(70_000))
		if rand.IntN(5) == 0 {
			target = "/indices?limit=20"
		}
		if a, err := s.anAPI().Do(http.MethodGet, target, "", somebody()); err == nil {
			s.count("reads answered %d", a.StatusCode)
			if a.StatusCode >= 500 && a.StatusCode != http.StatusServiceUnavailable {
				s.t.Errorf("%s is answered %d: %s", target, a.StatusCode, a.Text)
			}
		}
		pause(ctx, 20*time.Millisecond)
	}
}

// follow has users open streams of events and leave them after a while.
func (s *soak) follow(ctx context.Context) {
	for ctx.Err() == nil {
		conn, err := s.anAPI().Dial()
		if err == nil {
			_, _ = fmt.Fprintf(conn, "GET /events HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n", somebody())
			pause(ctx, rand.N(10*time.Second))
			_ = conn.Close()
			s.count("streams")
		}
		pause(ctx, 100*time.Millisecond)
	}
}
