package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// twoSeconds estimates that every index takes two seconds.
func twoSeconds(ctx context.Context, call intercept.Call) error {
	err := call.Next(ctx)
	intercept.Result[core.Estimate](call).Duration = 2 * time.Second
	return err
}

// newSmallServer returns a server whose backlog holds ten indices, five of one
// submitter.
func newSmallServer(t *testing.T) *testServer {
	t.Helper()
	return newTestServer(t, func(s *testServer) {
		s.intercept("Calculator.Estimate", twoSeconds)
		s.limits.MaxBacklog = 21 * time.Second
	})
}

// from returns the field with which a proxy forwards a request of an address.
func from(address string) string { return "X-Forwarded-For: " + address }

func TestAdmission_RefusesAFloodUntilTheQueueHasDrainedAndAdmitsOthers(t *testing.T) {
	t.Parallel()
	s := newSmallServer(t)
	const flood = 60
	answers := make([]answer, flood)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = s.submit(fmt.Sprintf(`{"index": %d}`, 100+i), from("198.51.100.7")) })
	}
	all.Wait()
	accepted := 0
	for _, a := range answers {
		if a.StatusCode == http.StatusAccepted {
			accepted++
			continue
		}
		p := a.problem(http.StatusTooManyRequests)
		after, err := strconv.Atoi(a.Header.Get("Retry-After"))
		if err != nil || after < 1 || after > 21 || p.Wait <= 0 || p.Wait > float64(after) || p.Wait <= float64(after-1) {
			t.Errorf("Retry-After is %q, waitSeconds %v", a.Header.Get("Retry-After"), p.Wait)
		}
		if p.Kind != "overloaded" || !strings.Contains(p.Detail, "Submit again in about ") || len(p.Errors) > 0 {
			t.Errorf("refused with %+v", p)
		}
	}
	if accepted != 5 {
		t.Errorf("%d requests of the flood were accepted, want 5", accepted)
	}
	if page := decode[httpapi.SeenIndices](s.get("/indices?limit=200")); len(page.Items) != accepted {
		t.Errorf("%d indices are recorded, %d were accepted", len(page.Items), accepted)
	}

	s.submit(`{"index": 1000}`, from("203.0.113.9")).want(202)
	s.submit(`{"indices": [2000]}`, from("2001:db8:0:1::5")).want(202)
	s.submit(`{"index": 1000}`, from("198.51.100.7")).want(202) // it is queued already

	s.startWorker()
	s.drained()
	s.submit(`{"index": 5000}`, from("198.51.100.7")).want(202)
}

func TestAdmission_RefusesABatchThatNeverFitsWithItsEstimate(t *testing.T) {
	t.Parallel()
	s := newSmallServer(t)
	p := s.submit(`{"indices": [1, 2, 3, 4, 5, 6]}`).problem(http.StatusUnprocessableEntity)
	if p.Kind != "tooLarge" || p.Estimate == nil || p.Estimate.Seconds < 12 || p.Errors[0].Location != "body.indices" {
		t.Errorf("refused with %+v", p)
	}
	s.submit(`{"indices": [1, 2, 3, 4, 5]}`).want(202)
}

func TestAdmission_RefusesReadsOfEvictedValuesBeyondTheShareOfTheirReader(t *testing.T) {
	t.Parallel()
	s := newSmallServer(t)
	const values = 8
	for n := range core.Index(values) {
		s.evicted(n)
	}
	for n := range values {
		a := s.get(fmt.Sprintf("/values/%d", n), from("198.51.100.7"))
		if n < 5 {
			a.want(200)
			continue
		}
		for _, a := range []answer{
			a,
			s.get(fmt.Sprintf("/values/%d", n), from("198.51.100.7"), "Prefer: wait=5"),
			s.get(fmt.Sprintf("/values/%d/digits", n), from("198.51.100.7")),
		} {
			p := a.problem(http.StatusTooManyRequests)
			if p.Kind != "overloaded" || p.Wait <= 0 || a.Header.Get("Retry-After") == "" || !strings.Contains(p.Detail, "Try again in about ") {
				t.Errorf("refused with %+v", p)
			}
		}
		s.ask(http.MethodHead, fmt.Sprintf("/values/%d/digits", n), "", from("198.51.100.7")).want(http.StatusTooManyRequests)
	}
	s.get("/values/0", from("198.51.100.7")).want(200) // it is queued already
	s.get("/values/7", from("203.0.113.9")).want(200)
}
