package httpapi

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// A submitter can take half of the requests, and no more than the processors are at
// work at a time.
func TestBudget_BoundsRequestsAndProcessors(t *testing.T) {
	t.Parallel()
	b := newBudget(1, 4)
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
	wantUnused(t, b)
}

// wantUnused checks that nothing of a budget is taken.
func wantUnused(t *testing.T, b *budget) {
	t.Helper()
	if b.requests.count() != 0 || len(b.processors) != 0 || len(b.turns) != 0 {
		t.Errorf("%d requests and %d processors are still taken, %d submitters wait", b.requests.count(), len(b.processors), len(b.turns))
	}
}

func TestBudget_SubmittersTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(1, 64)
		done, err := b.begin(t.Context(), "many")
		if err != nil {
			t.Fatal(err)
		}
		const many = 20
		served := make(chan string, many+1)
		request := func(submitter string) {
			go func() {
				done, err := b.begin(t.Context(), submitter)
				if err != nil {
					t.Error(err)
					return
				}
				served <- submitter
				done()
			}()
			synctest.Wait() // until it waits
		}
		for range many {
			request("many")
		}
		request("one")
		done()
		synctest.Wait()
		close(served)
		var order []string
		for submitter := range served {
			order = append(order, submitter)
		}
		if at := slices.Index(order, "one"); len(order) != many+1 || at < 0 || at > 1 {
			t.Errorf("the requests were served in the order %q", order)
		}
		wantUnused(t, b)
	})
}

func TestBudget_IsAllForASubmitterThatIsAlone(t *testing.T) {
	t.Parallel()
	b := newBudget(3, 64)
	for range 3 {
		done, err := b.begin(t.Context(), "one")
		if err != nil {
			t.Fatal(err)
		}
		defer done()
	}
	if len(b.processors) != 3 || len(b.turns) != 0 {
		t.Errorf("%d of 3 processors are taken, %d submitters wait", len(b.processors), len(b.turns))
	}
}

// slowClient is a client of a range of numbers. It looks at the budget while it
// accepts a piece of the response.
type slowClient struct {
	*httptest.ResponseRecorder
	budget    *budget
	pieces    []int // their lengths
	deadlines int
	busy      int                   // pieces that were written while a processor was taken
	accept    func(piece int) error // nil accepts all
}

func (c *slowClient) Write(piece []byte) (int, error) {
	c.pieces = append(c.pieces, len(piece))
	if len(c.budget.processors) > 0 {
		c.busy++
	}
	if c.accept != nil {
		if err := c.accept(len(c.pieces)); err != nil {
			return 0, err
		}
	}
	return c.ResponseRecorder.Write(piece)
}

func (c *slowClient) SetWriteDeadline(time.Time) error {
	c.deadlines++
	return nil
}

// sent writes a range of numbers to the client, and reports whether the response
// was completed and not aborted.
func (c *slowClient) sent(ctx context.Context, terms iter.Seq2[core.Index, decimal.Int]) (complete bool) {
	defer func() {
		if fault := recover(); fault != nil && fault != http.ErrAbortHandler { //nolint:errorlint // a panic has the value itself
			panic(fault)
		}
	}()
	c.ResponseRecorder = httptest.NewRecorder()
	request := httptest.NewRequestWithContext(ctx, http.MethodGet, "/numbers", nil)
	writeRows(humago.NewContext(nil, request, c), rowForms[typeCSV], terms, c.budget, "one")
	return true
}

// long returns numbers of more than a piece, and counts in taken those that are
// calculated while a processor is taken.
func long(b *budget, count core.Index, taken *int) iter.Seq2[core.Index, decimal.Int] {
	number := decimal.NewInt(10).Exp(chunkDigits)
	return func(yield func(core.Index, decimal.Int) bool) {
		for n := range count {
			*taken += len(b.processors)
			if !yield(n, number) {
				return
			}
		}
	}
}

func TestRanges_TakeAProcessorToCalculateAndNoneToWrite(t *testing.T) {
	t.Parallel()
	client, taken := &slowClient{budget: newBudget(1, 4)}, 0
	complete := client.sent(t.Context(), long(client.budget, 3, &taken))
	if !complete || taken != 3 || client.busy != 0 || strings.Count(client.Body.String(), "\r\n") != 4 {
		t.Errorf("complete: %t, %d of 3 numbers with a processor, %d pieces written with one, %d bytes", complete, taken, client.busy, client.Body.Len())
	}
	if client.deadlines != len(client.pieces) || slices.Max(client.pieces) > chunkDigits {
		t.Errorf("%d deadlines for pieces of %v bytes", client.deadlines, client.pieces)
	}
	wantUnused(t, client.budget)
}

// Once the last row is written, it does not matter whether a processor is free.
func TestRanges_TakeNoProcessorAfterTheLastWrite(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	client, taken := &slowClient{budget: newBudget(1, 4)}, 0
	client.accept = func(int) error {
		if len(client.pieces) == 1 {
			client.budget.processors <- struct{}{} // another's, from now on
			cancel()
		}
		return nil
	}
	if !client.sent(ctx, long(client.budget, 1, &taken)) {
		t.Error("the response was aborted")
	}
}

func TestRanges_AbortAResponseThatIsIncomplete(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		leaves, refuses, pieces int // the piece at which the client leaves or fails; how many there are
	}{
		"the client has left":                        {0, -1, 0},
		"the client leaves between two rows":         {2, -1, 2},
		"the client does not accept the first piece": {-1, 1, 1},
		"the client does not accept the last piece":  {-1, 4, 4},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		client, taken := &slowClient{budget: newBudget(1, 4)}, 0
		leave := func() {
			cancel()
			client.budget.processors <- struct{}{} // another's, from now on
		}
		client.accept = func(piece int) error {
			switch piece {
			case row.leaves:
				leave()
			case row.refuses:
				return os.ErrDeadlineExceeded
			}
			return nil
		}
		if row.leaves == 0 {
			leave()
		}
		complete := client.sent(ctx, long(client.budget, 2, &taken))
		if row.leaves >= 0 {
			client.budget.give()
		}
		if complete || len(client.pieces) != row.pieces {
			t.Errorf("%s: complete: %t, %d pieces, want %d", name, complete, len(client.pieces), row.pieces)
		}
		wantUnused(t, client.budget)
		cancel()
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
