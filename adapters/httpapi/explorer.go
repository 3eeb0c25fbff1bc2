package httpapi

import (
	"context"
	"errors"
	"math/big"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// The number explorer answers what is known of numbers without a submission.
// Nothing is recorded, and no answer ever changes. Answers are calculated in this
// process, within a budget.

// IntegerText is an integer in a path, longer than a JSON number is exact.
type IntegerText string

// integerPattern is the form of an integer. Tags of structs repeat it.
const integerPattern = "^(0|-?[1-9][0-9]*)$"

// Schema implements huma.SchemaProvider.
func (IntegerText) Schema(huma.Registry) *huma.Schema {
	most := fibonacci.MaxExponent + 2 // a sign, and the digits of 10^1000
	return &huma.Schema{
		Type: huma.TypeString, Pattern: integerPattern, Description: "An integer without a plus sign or leading zeros.",
		MaxLength: &most, Examples: []any{"1000"},
	}
}

// big returns the integer, of which Huma has checked the form.
func (t IntegerText) big() *big.Int {
	n, ok := new(big.Int).SetString(string(t), 10)
	if !ok {
		return new(big.Int)
	}
	return n
}

// cachedOutput is an answer that never changes.
type cachedOutput[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

// explore returns the answer that work calculates, within the budget. locations are
// those in the request of the fields that its errors name.
func explore[T any](ctx context.Context, a *api, locations map[string]string, work func(context.Context) (T, error)) (*cachedOutput[T], error) {
	done, err := a.explorer.begin(ctx, submitterOf(ctx))
	if err != nil {
		return nil, a.fail(ctx, err, "")
	}
	defer done()
	body, err := work(ctx)
	if err != nil {
		return nil, a.fail(ctx, err, locations[fieldOf(err)])
	}
	return &cachedOutput[T]{CacheControl: cacheImmutable, Body: body}, nil
}

// fieldOf returns the field that an error concerns, or "".
func fieldOf(err error) string {
	var e *core.Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}

// budget bounds the processors that the explorer takes, so that submissions, events
// and the health of the process do not wait for it. Submitters take turns, however
// many requests each has.
type budget struct {
	processors chan struct{} // full if all are taken; those who wait are served in their order
	requests   *slots

	mu    sync.Mutex
	turns map[string]*turn // of submitters that wait
}

// turn admits one request of a submitter at a time to the line for a processor.
type turn struct {
	taken   chan struct{}
	waiting int // requests that refer to it
}

const (
	// explorerShare is the part of the processors that the explorer may take.
	explorerShare = 4
	// maxExplorers bounds the requests that are calculated or wait.
	maxExplorers = 64
)

// calculator keeps within the one processor that the budget counts for an answer.
var calculator = fibonacci.Calculator{}.WithParallelism(1)

func newBudget(processors, requests int) *budget {
	return &budget{processors: make(chan struct{}, processors), requests: newSlots(requests), turns: make(map[string]*turn)}
}

// begin waits for a processor. The caller must call done.
func (b *budget) begin(ctx context.Context, submitter string) (done func(), err error) {
	if !b.requests.take(submitter) {
		return nil, core.NewError(core.KindOverloaded, "Too many of these requests are waiting. Try again in a moment.")
	}
	if err := b.take(ctx, submitter); err != nil {
		b.requests.free(submitter)
		return nil, err
	}
	return func() {
		b.give()
		b.requests.free(submitter)
	}, nil
}

// take waits for the submitter's turn and a processor, which the caller must give
// back. The turn ends with the wait, so a submitter that is alone can have all
// processors.
func (b *budget) take(ctx context.Context, submitter string) error {
	t := b.turnOf(submitter)
	defer b.leave(submitter, t)
	if err := send(ctx, t.taken); err != nil {
		return err
	}
	defer func() { <-t.taken }()
	return send(ctx, b.processors)
}

func (b *budget) give() { <-b.processors }

// turnOf returns the turn of a submitter. The caller must leave it.
func (b *budget) turnOf(submitter string) *turn {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.turns[submitter]
	if t == nil {
		t = &turn{taken: make(chan struct{}, 1)}
		b.turns[submitter] = t
	}
	t.waiting++
	return t
}

func (b *budget) leave(submitter string, t *turn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t.waiting--; t.waiting == 0 {
		delete(b.turns, submitter)
	}
}

// send waits until a semaphore has room, or ctx ends.
func send(ctx context.Context, semaphore chan<- struct{}) error {
	select {
	case semaphore <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
