package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// Preimage is where a number stands among the Fibonacci numbers.
type Preimage struct {
	Indices []int64 `json:"indices" nullable:"false" doc:"All n for which F(n) is the number, ascending; empty if it is not a Fibonacci number."`
	Below   int64   `json:"below" example:"29" doc:"The index of the largest Fibonacci number below."`
	Above   int64   `json:"above" example:"31" doc:"The index of the smallest Fibonacci number above."`
}

// LongInteger is an integer that may be too long for a path.
type LongInteger struct {
	Value string `json:"value" pattern:"^(0|-?[1-9][0-9]*)$" maxLength:"1000001" example:"832040" doc:"An integer of up to a million digits."`

	fault *huma.ErrorDetail // what the schema can't express
}

// UnmarshalJSON is strict: see decodeMembers.
func (l *LongInteger) UnmarshalJSON(text []byte) (err error) {
	l.fault, err = decodeMembers(text, map[string]any{"value": &l.Value})
	return err
}

// Resolve reports what the schema can't express.
func (l *LongInteger) Resolve(huma.Context) []error {
	if l.fault != nil {
		return []error{l.fault}
	}
	return nil
}

type inverseInput struct {
	X IntegerText `path:"x" doc:"An integer of up to 1,000 digits. POST takes longer ones."`
}

type postInverseInput struct {
	Body LongInteger
}

func (a *api) registerInverse(routes huma.API) {
	const description = "The answer has all indices of the number, negative ones included, and those of the Fibonacci numbers beside it. It never changes."
	register(routes, huma.Operation{
		OperationID: "getInverse", Method: http.MethodGet, Path: "/inverse/{x}", Tags: []string{"explorer"},
		Summary: "The index of a Fibonacci number", Description: description,
	}, a.getInverse, http.StatusUnprocessableEntity, http.StatusTooManyRequests)

	register(routes, huma.Operation{
		OperationID: "findInverse", Method: http.MethodPost, Path: inversePath, Tags: []string{"explorer"},
		Summary: "The index of a long Fibonacci number", Description: description,
		MaxBodyBytes: maxInverseBody + 1, // readBody has checked it
	}, a.postInverse, http.StatusBadRequest, http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusUnprocessableEntity, http.StatusTooManyRequests)
}

func (a *api) getInverse(ctx context.Context, in *inverseInput) (*cachedOutput[Preimage], error) {
	return a.inverse(ctx, string(in.X), "path.x")
}

func (a *api) postInverse(ctx context.Context, in *postInverseInput) (*cachedOutput[Preimage], error) {
	out, err := a.inverse(ctx, in.Body.Value, "body.value")
	if out != nil {
		out.CacheControl = "no-store" // of a POST
	}
	return out, err
}

func (a *api) inverse(ctx context.Context, text, location string) (*cachedOutput[Preimage], error) {
	return explore(ctx, a, map[string]string{"value": location}, func(ctx context.Context) (Preimage, error) {
		x, err := decimal.ParseInt(text)
		if err != nil {
			return Preimage{}, &core.Error{Kind: core.KindInvalid, Field: "value", Message: "The number must be an integer.", Cause: err}
		}
		p, err := calculator.Inverse(ctx, x)
		if err != nil {
			return Preimage{}, err
		}
		answer := Preimage{Indices: []int64{}, Below: int64(p.Below), Above: int64(p.Above)}
		for _, n := range p.Indices {
			answer.Indices = append(answer.Indices, int64(n))
		}
		return answer, nil
	})
}
