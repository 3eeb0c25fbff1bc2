package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
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

// look returns an error that says what a user sees of an index, unless that is its value. Whoever looks pays for what has to be
// calculated again, so a newcomer looks as the one who submitted.
func (s *soak) look(user string, n core.Index) error {
	a, err := s.anAPI().Do(http.MethodGet, fmt.Sprintf("/values/%d", n), "", user)
	if err == nil && (a.StatusCode != http.StatusOK || !strings.Contains(a.Text, `"state":"calculated"`)) {
		err = fmt.Errorf("F(%d): %d %s", n, a.StatusCode, a.Text)
	}
	return err
}

// comeNew has newcomers submit a small index, seldom known already, until it is accepted, and wait for it.
func (s *soak) comeNew(ctx context.Context) {
	for ctx.Err() == nil {
		n := core.Index(rand.IntN(50_000)) * core.Index(1-2*rand.IntN(2))
		begin := time.Now()
		s.mu.Lock()
		quiet := !s.calm.IsZero() && begin.Sub(s.calm) > recovery
		s.mu.Unlock()
		user := somebody()
		for !s.submit(user, n) {
			if pause(ctx, 100*time.Millisecond); ctx.Err() != nil {
				return
			}
		}
		testkit.Eventually(s.t, "a newcomer's index", func() error { return s.look(user, n) })
		waited := time.Since(begin)
		s.mu.Lock()
		quiet = quiet && s.calm.Before(begin) && !s.calm.IsZero()
		s.mu.Unlock()
		if quiet && waited > fair {
			s.t.Errorf("a newcomer waited %v for F(%d), long after the latest fault", waited, n)
		}
		pause(ctx, 300*time.Millisecond)
	}
}

const (
	// batch is how many indices a submission takes at most.
	batch = 1000
	// pushed is the first of the indices that are pushed. A batch of them takes some seconds, and is not too large.
	pushed = 1_000_000
	// pushedBatches of them take more than one user may have waiting. Their number is bounded because all are awaited in the end.
	pushedBatches = 10
	// repeaters is how many connections repeat what is known.
	repeaters = 20
)

// push has one user submit as much as it can: batches of indices until they are refused, and now and then a single one.
func (s *soak) push(ctx context.Context) {
	const user = "X-Forwarded-For: 192.0.2.1"
	for ctx.Err() == nil {
		s.submit(user, span(pushed+batch*core.Index(rand.IntN(pushedBatches)))...)
		s.submit(user, core.Index(2_000_000+rand.IntN(100)))
		pause(ctx, 500*time.Millisecond)
	}
}

// repeat has one user submit what is known again and again, which is free.
func (s *soak) repeat(ctx context.Context) {
	var all sync.WaitGroup
	for range repeaters {
		all.Go(func() {
			for ctx.Err() == nil {
				s.submit("X-Forwarded-For: 192.0.2.2", span(50_000)...)
				pause(ctx, 500*time.Millisecond)
			}
		})
	}
	all.Wait()
}

// span returns a batch of indices, from the given one on.
func span(first core.Index) []core.Index {
	indices := make([]core.Index, batch)
	for i := range indices {
		indices[i] = first + core.Index(i)
	}
	return indices
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
