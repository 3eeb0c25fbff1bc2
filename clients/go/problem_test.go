package pisano_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

func TestProblem_HasTheKindOfTheError(t *testing.T) {
	t.Parallel()
	_, api := start(t, "PISANO_MAX_INDEX=1000000000")
	calculated(t, api, 10)
	// It takes seconds to calculate, so its digits are not available at once.
	if _, err := api.Submit(t.Context(), 500_000_000); err != nil {
		t.Fatal(err)
	}
	ctx, cursor, index := t.Context(), "!", int64(5)
	for _, test := range []struct {
		name     string
		call     func() error
		kind     pisano.ProblemKind
		status   int64
		location string
	}{
		{"a value not calculated yet", func() error {
			_, err := api.Digits(ctx, 500_000_000)
			return err
		}, pisano.ProblemKindNotReady, 409, "path.index"},
		{"an invalid cursor", func() error {
			_, err := api.ListIndicesWithResponse(ctx, &pisano.ListIndicesParams{Cursor: &cursor})
			return err
		}, pisano.ProblemKindInvalid, 422, "query.cursor"},
		{"index and indices", func() error {
			_, err := api.SubmitIndexWithResponse(ctx, nil, pisano.Submission{Index: &index, Indices: []int64{5}})
			return err
		}, pisano.ProblemKindInvalid, 422, "body.indices"},
		{"more than 1,000 indices", func() error {
			_, err := api.SubmitIndexWithResponse(ctx, nil, pisano.Submission{Indices: make([]int64, 1001)})
			return err
		}, pisano.ProblemKindInvalid, 422, "body.indices"},
		{"a body too large", func() error {
			_, err := api.SubmitIndexWithResponse(ctx, nil, pisano.Submission{Indices: make([]int64, 100_000)})
			return err
		}, pisano.ProblemKindInvalid, 413, "body"},
		{"digits beyond the last", func() error {
			_, err := api.DigitRange(ctx, 10, 2, 1)
			return err
		}, pisano.ProblemKindInvalid, 416, "header.Range"},
		{"an index never submitted", func() error {
			_, err := api.Wait(ctx, 77)
			return err
		}, pisano.ProblemKindNotFound, 404, "path.index"},
		{"an index too large", func() error {
			_, err := api.Submit(ctx, 1_000_000_001)
			return err
		}, pisano.ProblemKindTooLarge, 422, "body.index"},
		{"2^62", func() error {
			_, err := api.Submit(ctx, 1<<62)
			return err
		}, pisano.ProblemKindTooLarge, 422, "body.index"},
		{"2^62 among indices", func() error {
			_, err := api.SubmitAll(ctx, 1, 1<<62)
			return err
		}, pisano.ProblemKindTooLarge, 422, "body.indices[0]"}, // of the chunk that it is in
	} {
		var p *pisano.ProblemError
		if err := test.call(); !errors.As(err, &p) {
			t.Errorf("%s: the error is %v, not a problem", test.name, err)
			continue
		}
		if p.Kind != test.kind || p.Status != test.status || p.Detail == "" || p.Error() != "pisano: "+p.Detail {
			t.Errorf("%s: %+v", test.name, p)
		}
		if len(p.Errors) == 0 || p.Errors[0].Location != test.location {
			t.Errorf("%s: the locations are %+v, want %s", test.name, p.Errors, test.location)
		}
		if (p.RetryAfter > 0) != (p.Kind == pisano.ProblemKindNotReady) {
			t.Errorf("%s: Retry-After is %v", test.name, p.RetryAfter)
		}
		if (p.Estimate != nil) != (p.Kind == pisano.ProblemKindTooLarge) {
			t.Errorf("%s: the estimate is %+v", test.name, p.Estimate)
		}
	}
}

func TestSubmit_OverTheBacklogLimitSaysWhenToRetry(t *testing.T) {
	t.Parallel()
	s, _ := start(t, "PISANO_MAX_INDEX=1000000000", "PISANO_MAX_BACKLOG=1s")
	api := client(t, s.url+"/api", pisano.WithRetry(0))
	var err error
	for n := int64(400_000_000); err == nil && n < 400_000_100; n++ { // each costs a good part of a second
		_, err = api.Submit(t.Context(), n)
	}
	var p *pisano.ProblemError
	if !errors.As(err, &p) || p.Kind != pisano.ProblemKindOverloaded {
		t.Fatalf("%v", err)
	}
	if p.Status != 429 || p.RetryAfter < time.Second || p.RetryAfter.Seconds() < p.WaitSeconds {
		t.Errorf("%+v", p)
	}
}

func TestProblem_ErrorOfAFrontDoorIsOne(t *testing.T) {
	t.Parallel()
	_, api := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		http.Error(w, "<h1>Bad Gateway</h1>", http.StatusBadGateway)
	})
	var p *pisano.ProblemError
	if _, err := api.Submit(t.Context(), 1); !errors.As(err, &p) || p.Kind != pisano.ProblemKindUnavailable || p.RetryAfter != 3*time.Second {
		t.Errorf("%v, %+v", err, p)
	}
}

func TestWait_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	_, api := start(t, "PISANO_MAX_INDEX=1000000000")
	if _, err := api.Submit(t.Context(), 500_000_000); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := api.Wait(ctx, 500_000_000); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waited: %v", err)
	}
}
