package httpapi_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
)

// newNearServer starts a server that keeps summaries in memory, and counts the reads
// of the cache for one.
func newNearServer(t *testing.T) (s *testServer, reads *atomic.Int64) {
	t.Helper()
	reads = new(atomic.Int64)
	s = newTestServer(t, func(s *testServer) {
		s.limits.Memory = 1 << 20
		s.intercept("ValueCache.Summaries", intercept.Before(func() { reads.Add(1) }))
	})
	return s, reads
}

// keep stores values, without events, and reads them until they are in memory.
func (s *testServer) keep(indices ...core.Index) {
	s.t.Helper()
	for _, n := range indices {
		magnitude, err := fibonacci.Magnitude(s.t.Context(), n)
		if err != nil {
			s.t.Fatal(err)
		}
		value := core.Value{Index: n, Magnitude: magnitude, CalculatedAt: time.Now().UTC().Truncate(time.Microsecond), Duration: 12 * time.Microsecond}
		if err := s.cache.Put(s.t.Context(), value); err != nil {
			s.t.Fatal(err)
		}
		s.get("/values/" + n.String()).want(200) // the first of all only tells the generation
		s.get("/values/" + n.String()).want(200)
	}
}

func TestKeptValue_IsAnsweredAsOneFromTheCache(t *testing.T) {
	t.Parallel()
	s, reads := newNearServer(t)
	indices := []core.Index{0, -8, 10, 1000, 5000, -5000}
	s.keep(indices...)
	for _, n := range indices {
		path := "/values/" + n.String()
		first := s.get(path, "Prefer: wait=0").want(200) // encoded by Huma
		tag := first.Header.Get("ETag")
		before := reads.Load()
		if kept := s.get(path).want(200); kept.text != first.text {
			t.Errorf("F(%d) from memory is %s, from the cache %s", n, kept.text, first.text)
		}
		for fields, want := range map[string]int{
			"":                                  http.StatusOK,
			"If-None-Match: " + tag:             http.StatusNotModified,
			"If-None-Match: W/" + tag:           http.StatusNotModified,
			"If-None-Match: *":                  http.StatusNotModified,
			`If-None-Match: "x", "y"`:           http.StatusOK,
			"Accept: text/plain":                http.StatusOK,
			"If-Modified-Since: Thu, 01 Jan 70": http.StatusOK,
		} {
			s.get(path, fieldsOf(fields)...).want(want).wantHeader("ETag", tag).wantHeader("Cache-Control", cacheImmutable).wantHeader("Preference-Applied", "")
		}
		if n.Abs() <= 1000 { // kept for longer than a second
			s.get(path, `If-None-Match: "x"`, "If-None-Match: "+tag).want(304) // one list
		}
		s.get(path, "Prefer: wait=20").want(200).wantHeader("ETag", tag).wantHeader("Preference-Applied", "wait=20")
		if calls := reads.Load() - before; calls > 0 && n.Abs() <= 1000 {
			t.Errorf("F(%d) was read from the cache %d times", n, calls)
		}
	}
}

func fieldsOf(field string) []string {
	if field == "" {
		return nil
	}
	return []string{field}
}

func TestKeptValue_HasOneAddress(t *testing.T) {
	t.Parallel()
	s, _ := newNearServer(t)
	s.keep(7)
	for _, other := range []string{"007", "+7", "7.0", "-0"} {
		s.get("/values/" + other).problem(422)
	}
}

func TestKeptValue_HidesNoEvictionFromItsDigits(t *testing.T) {
	t.Parallel()
	s, _ := newNearServer(t)
	s.evicted(93)
	s.keep(93)
	s.cache.Evict(93)
	s.get("/values/93").want(200)
	s.get("/values/93/digits").problem(409)
	s.startWorker()
	s.get("/values/93", "Prefer: wait=60").want(200)
	if a := s.get("/values/93/digits").want(200); a.text != "12200160415121876738" {
		t.Errorf("calculated again, the digits of F(93) are %s", a.text)
	}
}
