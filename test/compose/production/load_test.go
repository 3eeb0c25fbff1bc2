package production

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

const (
	submitters, readers = 4, 8
	// pause is between two requests of one of them.
	pause = 50 * time.Millisecond
)

// load is a constant load of submissions and of what the page reads. No request is repeated because it failed.
type load struct {
	client *pisano.Client
	end    context.CancelFunc
	done   sync.WaitGroup
	index  atomic.Int64 // submitted last

	mutex    sync.Mutex
	requests []request
}

// request is a request that was answered or failed.
type request struct {
	what       string
	index      core.Index // submitted
	begin, end time.Time
	failure    string // empty if there is none
}

func startLoad(c *pisano.Client) *load {
	ctx, end := context.WithCancel(context.Background())
	l := &load{client: c, end: end}
	l.index.Store(20_000)
	for range submitters {
		l.done.Go(func() { l.repeat(ctx, l.submit) })
	}
	for range readers {
		l.done.Go(func() { l.repeat(ctx, l.read) })
	}
	return l
}

// stop waits for the requests in flight. It may be called again.
func (l *load) stop() {
	l.end()
	l.done.Wait()
}

func (l *load) repeat(ctx context.Context, send func() request) {
	for pace := time.NewTicker(pause); ctx.Err() == nil; <-pace.C {
		r := send()
		l.mutex.Lock()
		l.requests = append(l.requests, r)
		l.mutex.Unlock()
	}
}

func (l *load) submit() request {
	n := core.Index(l.index.Add(1))
	r := l.send(http.MethodPost, "/api/indices", fmt.Sprintf(`{"index":%d}`, n), http.StatusAccepted, http.StatusOK)
	r.index = n
	return r
}

func (l *load) read() request {
	recent := l.index.Load() - rand.Int64N(50)
	switch rand.IntN(5) {
	case 0:
		return l.send(http.MethodGet, "/api/indices?limit=20", "", http.StatusOK)
	case 1:
		return l.send(http.MethodGet, "/api/values?limit=20", "", http.StatusOK)
	case 2:
		return l.send(http.MethodGet, "/", "", http.StatusOK)
	default: // one that is being submitted may not be found
		return l.send(http.MethodGet, fmt.Sprintf("/api/values/%d", recent), "", http.StatusOK, http.StatusNotFound)
	}
}

func (l *load) send(method, path, body string, good ...int) request {
	r := request{what: method + " " + path, begin: time.Now()}
	a, err := l.client.Do(method, path, body)
	r.end = time.Now()
	switch {
	case err != nil:
		r.failure = err.Error()
	case !slices.Contains(good, a.StatusCode):
		r.failure = fmt.Sprintf("%d %.300s", a.StatusCode, a.Text)
	}
	return r
}

// accepted returns the indices that were accepted.
func (l *load) accepted() (all []core.Index) {
	for _, r := range l.requests {
		if r.index != 0 && r.failure == "" {
			all = append(all, r.index)
		}
	}
	return all
}

// judge fails the test for each request that failed and was not in flight when one of the containers died.
func (l *load) judge(t *testing.T, deaths ...death) {
	t.Helper()
	var first, last time.Time
	var slowest time.Duration
	excused := 0
	for i, r := range l.requests {
		if i == 0 || r.begin.Before(first) {
			first = r.begin
		}
		if r.end.After(last) {
			last = r.end
		}
		slowest = max(slowest, r.end.Sub(r.begin))
		inFlight := slices.ContainsFunc(deaths, func(d death) bool { return r.begin.Before(d.dead) && r.end.After(d.killed) })
		switch {
		case r.failure == "":
		case inFlight:
			excused++
			t.Logf("in flight when a container was killed: %s after %v: %s", r.what, r.end.Sub(r.begin).Round(time.Millisecond), r.failure)
		default:
			t.Errorf("%s at %s, after %v: %s", r.what, r.begin.Format("05.000"), r.end.Sub(r.begin).Round(time.Millisecond), r.failure)
		}
	}
	seconds := last.Sub(first).Seconds()
	t.Logf("%d requests in %.1f s (%.0f a second, %d submissions), while it was scaled, an API was killed and a worker was killed: %d failed that were in flight at the killed container, no other; the slowest took %v",
		len(l.requests), seconds, float64(len(l.requests))/seconds, len(l.accepted()), excused, slowest.Round(time.Millisecond))
}
