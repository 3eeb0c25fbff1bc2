package httpapi

import (
	"context"
	"errors"
	"math/big"
	"runtime"

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
// and the health of the process do not wait for it.
type budget struct {
	processors chan struct{}
	requests   *slots
}

const (
	// explorerShare is the part of the processors that the explorer may take.
	explorerShare = 4
	// maxExplorers bounds the requests that are calculated or wait.
	maxExplorers = 64
)

// calculator keeps within the one processor that the budget counts for an answer.
var calculator = fibonacci.Calculator{}.WithParallelism(1)

func newBudget() *budget {
	return &budget{make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/explorerShare)), newSlots(maxExplorers)}
}

// begin waits for a processor. The caller must call done.
func (b *budget) begin(ctx context.Context, submitter string) (done func(), err error) {
	if !b.requests.take(submitter) {
		return nil, core.NewError(core.KindOverloaded, "Too many of these requests are waiting. Try again in a moment.")
	}
	if err := b.take(ctx); err != nil {
		b.requests.free(submitter)
		return nil, err
	}
	return func() {
		b.give()
		b.requests.free(submitter)
	}, nil
}

// take waits for a processor, which the caller must give back.
func (b *budget) take(ctx context.Context) error {
	select {
	case b.processors <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (b *budget) give() { <-b.processors }
