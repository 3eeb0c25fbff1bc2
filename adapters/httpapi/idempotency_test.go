package httpapi_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

const aKey = `Idempotency-Key: "8e03978e-40d5-43e8-bc93-6894a57f9324"`

func TestIdempotencyKey_SubmissionSentAgainCountsOnce(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { s.submit(`{"indices": [3, 1000, 3]}`, aKey).want(202) })
	}
	all.Wait()
	// Quotation marks do not matter, and another key is another submission.
	s.submit(`{"indices": [3, 1000, 3]}`, strings.ReplaceAll(aKey, `"`, "")).want(202)
	s.submit(`{"index": 1000}`, "Idempotency-Key: another").want(202)
	s.submit(`{"index": 1000}`).want(202)
	batch := decode[httpapi.SeenIndices](s.get("/indices").want(200))
	for _, seen := range batch.Items {
		if want := map[int64]int64{3: 2, 1000: 3}[seen.Index]; seen.Submissions != want {
			t.Errorf("F(%d) was submitted %d times, want %d", seen.Index, seen.Submissions, want)
		}
	}
}

func TestIdempotencyKey_OfAnotherSubmissionIsRefused(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.submit(`{"index": 10}`, aKey).want(202)
	for _, other := range []string{`{"index": 11}`, `{"indices": [10, 11]}`} {
		if p := s.submit(other, aKey).problem(422); p.Kind != "invalid" || p.Errors[0].Location != "header.Idempotency-Key" {
			t.Errorf("%s with a key that was used: %+v", other, p)
		}
	}
	// The key of another submitter is another one.
	s.submit(`{"index": 11}`, aKey, from("198.51.100.7")).want(202)
	if seen := decode[httpapi.SeenIndices](s.get("/indices").want(200)); len(seen.Items) != 2 {
		t.Errorf("recorded: %+v", seen)
	}
}

func TestIdempotencyKey_IsVisibleText(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.submit(`{"index": 10}`, "Idempotency-Key: "+strings.Repeat("x", 128)).want(202)
	for _, bad := range []string{strings.Repeat("x", 129), "with space", "caf\xe9", `""`, `"`, `"half`, `in"side`} {
		if p := s.submit(`{"index": 10}`, "Idempotency-Key: "+bad).problem(422); p.Errors[0].Location != "header.Idempotency-Key" {
			t.Errorf("%q: %+v", bad, p)
		}
	}
}
