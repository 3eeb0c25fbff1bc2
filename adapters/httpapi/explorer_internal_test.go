package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// A submitter can take half of the requests, and no more than the processors are at
// work at a time.
func TestBudget_BoundsRequestsAndProcessors(t *testing.T) {
	t.Parallel()
	b := &budget{make(chan struct{}, 1), newSlots(4)}
	done, err := b.begin(t.Context(), "one")
	if err != nil {
		t.Fatal(err)
	}
	gone := errors.New("gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	waiting := make(chan error)
	go func() {
		_, err := b.begin(ctx, "one")
		waiting <- err
	}()
	for b.requests.count() < 2 {
		select {
		case err := <-waiting:
			t.Fatal("the second request did not wait", err)
		default:
		}
	}
	if _, err := b.begin(t.Context(), "one"); core.KindOf(err) != core.KindOverloaded {
		t.Errorf("a third request of one submitter: %v", err)
	}
	cancel(gone)
	if err := <-waiting; !errors.Is(err, gone) {
		t.Errorf("a cancelled request: %v", err)
	}
	done()
	if done, err = b.begin(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	done()
	if b.requests.count() != 0 || len(b.processors) != 0 {
		t.Errorf("%d requests and %d processors are still taken", b.requests.count(), len(b.processors))
	}
}

// slowClient takes its time for each piece of a response, and looks at the budget.
type slowClient struct {
	http.ResponseWriter
	budget *budget
	busy   int // pieces that were written while a processor was taken
}

func (c *slowClient) Write(piece []byte) (int, error) {
	if len(c.budget.processors) > 0 {
		c.busy++
	}
	return c.ResponseWriter.Write(piece)
}

func TestRanges_TakeAProcessorToCalculateAndNoneToWrite(t *testing.T) {
	t.Parallel()
	b := &budget{make(chan struct{}, 1), newSlots(4)}
	taken := 0
	terms := func(yield func(core.Index, decimal.Int) bool) {
		for n := range core.Index(3) {
			taken += len(b.processors)
			if !yield(n, decimal.NewInt(1)) {
				return
			}
		}
	}
	recorder := httptest.NewRecorder()
	client := &slowClient{ResponseWriter: recorder, budget: b}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/numbers", nil)
	writeRows(humago.NewContext(nil, request, client), rowForms[typeCSV], terms, b)
	if taken != 3 || client.busy != 0 || len(b.processors) != 0 || recorder.Body.Len() == 0 {
		t.Errorf("%d of 3 numbers with a processor, %d pieces written with one, %d taken at the end, %d bytes", taken, client.busy, len(b.processors), recorder.Body.Len())
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b.processors <- struct{}{} // all are taken, and the client has left
	writeRows(humago.NewContext(nil, request.WithContext(ctx), client), rowForms[typeCSV], terms, b)
	if taken != 3 || len(b.processors) != 1 {
		t.Errorf("%d numbers were calculated, %d processors are taken", taken, len(b.processors))
	}
}

func TestPreferredType_FollowsAccept(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]int{
		"": typeJSON, "*/*": typeJSON, "application/json": typeJSON, "text/csv": typeCSV, "TEXT/CSV": typeCSV, "text/*": typeCSV,
		"application/x-ndjson": typeNDJSON, "text/csv;q=0.5, application/json": typeJSON, "text/csv, */*;q=0.1": typeCSV,
		"application/json;q=0, */*": typeNDJSON, "image/png": typeJSON, "a;,": typeJSON, "text/csv;q=2": typeCSV, ";;;,,": typeJSON,
	} {
		if got := preferredType(accept); got != want {
			t.Errorf("%q: %d, want %d", accept, got, want)
		}
	}
}

func TestRatioText_IsTheQuotient(t *testing.T) {
	t.Parallel()
	for n, want := range map[core.Index]string{
		1: "", 0: "0", 2: "1", 3: "2", 4: "1.5", -1: "-1", -2: "-0.5", 100: "1.618033988749895", -100: "-0.6180339887498949",
		45: "1.618033988749895", 46: "1.618033988749895", -45: "-0.6180339887498949", -46: "-0.6180339887498949",
	} {
		if got := ratioText(n); got != want {
			t.Errorf("F(%d)/F(%d) = %q, want %q", n, n-1, got, want)
		}
	}
}
