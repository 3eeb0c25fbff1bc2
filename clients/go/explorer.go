package pisano

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/big"
	"net/http"
)

// The number explorer answers at once, without a submission. Its answers never
// change, and nothing is recorded.

// Facts returns what is known of F(n) and of the Lucas number L(n) without their
// digits, for n of up to 10^1000 in size.
func (a *API) Facts(ctx context.Context, n *big.Int) (NumberFacts, error) {
	r, err := a.GetNumberWithResponse(ctx, n.String())
	if err != nil {
		return NumberFacts{}, err
	}
	return explored(r.JSON200, r.HTTPResponse)
}

// Remainder returns F(n) modulo m, for n and m of up to 10^1000 in size. The steps of
// the calculation are left out; GetRemainderWithResponse returns them.
func (a *API) Remainder(ctx context.Context, n, m *big.Int) (Remainder, error) {
	r, err := a.GetRemainderWithResponse(ctx, n.String(), m.String(), nil)
	if err != nil {
		return Remainder{}, err
	}
	return explored(r.JSON200, r.HTTPResponse)
}

// Period returns the Pisano period and the rank of apparition of m, with its factors.
// m may be up to 10^30; beyond 2^64 only if the server can factor it quickly.
func (a *API) Period(ctx context.Context, m *big.Int) (Period, error) {
	r, err := a.GetPeriodWithResponse(ctx, m.String(), nil)
	if err != nil {
		return Period{}, err
	}
	return explored(r.JSON200, r.HTTPResponse)
}

// maxPathDigits is how many digits the server takes in a path.
const maxPathDigits = 1000

// Inverse returns the indices of x in the Fibonacci sequence, and those of its
// neighbours, for x of up to a million digits.
func (a *API) Inverse(ctx context.Context, x *big.Int) (Preimage, error) {
	text := x.String()
	if len(text) > maxPathDigits {
		r, err := a.FindInverseWithResponse(ctx, LongInteger{Value: text})
		if err != nil {
			return Preimage{}, err
		}
		return explored(r.JSON200, r.HTTPResponse)
	}
	r, err := a.GetInverseWithResponse(ctx, text)
	if err != nil {
		return Preimage{}, err
	}
	return explored(r.JSON200, r.HTTPResponse)
}

// Zeckendorf returns the Zeckendorf representation of x, from 0 to 10^1000.
func (a *API) Zeckendorf(ctx context.Context, x *big.Int) (Zeckendorf, error) {
	r, err := a.GetZeckendorfWithResponse(ctx, x.String())
	if err != nil {
		return Zeckendorf{}, err
	}
	return explored(r.JSON200, r.HTTPResponse)
}

// explored returns the body of an answer.
func explored[T any](body *T, response *http.Response) (T, error) {
	if body == nil {
		var none T
		return none, unexpected(response)
	}
	return *body, nil
}

// Numbers yields F(from) to F(to) with all their digits, as they arrive. It ends after
// the first error, such as an answer that was cut off. The server refuses more than
// 10,000,000 digits in all.
func (a *API) Numbers(ctx context.Context, from, to int64) iter.Seq2[Number, error] {
	return func(yield func(Number, error) bool) {
		accept := linesType
		response, err := a.ListNumbers(ctx, &ListNumbersParams{From: from, To: to, Accept: &accept})
		switch {
		case err != nil:
			yield(Number{}, err)
			return
		case response.StatusCode != http.StatusOK || mediaTypeOf(response) != linesType:
			yield(Number{}, foreign(response))
			return
		}
		defer func() { _ = response.Body.Close() }()
		lines := json.NewDecoder(response.Body)
		for next := from; ; next++ {
			var n Number
			err := lines.Decode(&n)
			switch {
			case errors.Is(err, io.EOF) && next > to:
				return
			case errors.Is(err, io.EOF): // a proxy can cut an answer off between two lines
				yield(Number{}, fmt.Errorf("pisano: the answer ends before F(%d): %w", next, io.ErrUnexpectedEOF))
				return
			case err != nil:
				yield(Number{}, fmt.Errorf("pisano: %w", err))
				return
			case n.Index != next || next > to:
				yield(Number{}, fmt.Errorf("pisano: the answer has F(%d) in the place of F(%d)", n.Index, next))
				return
			case !yield(n, nil):
				return
			}
		}
	}
}
