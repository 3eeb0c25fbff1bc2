package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func TestStreams_AreBoundedAndSharedAmongAddresses(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(s *testServer) { s.options.MaxStreams = 4 })
	refused := func(address string) {
		t.Helper()
		p := s.get("/events", from(address)).wantHeader("Retry-After", "10").problem(http.StatusServiceUnavailable)
		if p.Kind != "unavailable" {
			t.Errorf("refused with %+v", p)
		}
	}
	greedy := s.listen(from("198.51.100.1"))
	s.listen(from("198.51.100.1"))
	refused("198.51.100.1") // it has half
	s.listen(from("198.51.100.2"))
	refused("198.51.100.2")
	last := s.listen(from("198.51.100.3"))
	refused("198.51.100.4")
	s.get("/healthz").want(http.StatusOK)

	s.submit(`{"index": 10}`).want(http.StatusAccepted)
	if seen := last.next(); seen.kind != "seen" {
		t.Errorf("the last stream reports %+v", seen)
	}

	greedy.stop()
	for begin := time.Now(); ; time.Sleep(time.Millisecond) {
		if a := s.ask(http.MethodHead, "/events", "", from("198.51.100.4")); a.StatusCode == http.StatusOK {
			break
		}
		if time.Since(begin) > hangTimeout {
			t.Fatal("the place of a stream that was closed is not given to another")
		}
	}
	s.listen(from("198.51.100.4"))
}

func TestWaiting_IsBoundedAndBeyondThatAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(s *testServer) { s.options.MaxStreams = 2 })
	s.submit(`{"index": 10}`).want(http.StatusAccepted)
	first := make(chan answer, 1)
	go func() {
		for { // the second may be ahead of it
			if a := s.get("/values/10", "Prefer: wait=60", from("198.51.100.1")); a.Header.Get("Preference-Applied") != "" {
				first <- a
				return
			}
		}
	}()
	for begin := time.Now(); ; {
		a := s.get("/values/10", "Prefer: wait=1", from("198.51.100.1")).want(http.StatusOK)
		if a.Header.Get("Preference-Applied") == "" { // the first is waiting
			if state := decode[httpapi.ValueState](a); state.State != "pending" {
				t.Errorf("answered with %+v", state)
			}
			break
		}
		if time.Since(begin) > hangTimeout {
			t.Fatal("the second request of an address waits, too")
		}
	}
	s.get("/values/10", "Prefer: wait=1", from("198.51.100.2")).wantHeader("Preference-Applied", "wait=1")
	s.startWorker()
	if a := (<-first).wantHeader("Preference-Applied", "wait=60"); decode[httpapi.ValueState](a).State != "calculated" {
		t.Errorf("the first was answered with %s", a.text)
	}
	s.get("/values/10", "Prefer: wait=60", from("198.51.100.1")).wantHeader("Preference-Applied", "wait=60")
}
