package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core/fibonacci"
)

// Zeckendorf is the Zeckendorf representation of a number.
type Zeckendorf struct {
	Value   string `json:"value" pattern:"^(0|[1-9][0-9]*)$" maxLength:"1001" example:"100"`
	Indices []int  `json:"indices" nullable:"false" doc:"Descending, at least 2 and no two consecutive: the Fibonacci numbers of these indices add up to the number."`
}

type zeckendorfInput struct {
	X IntegerText `path:"x" doc:"An integer from 0 to 10^1000."`
}

func (a *api) registerZeckendorf(routes huma.API) {
	register(routes, huma.Operation{
		OperationID: "getZeckendorf", Method: http.MethodGet, Path: "/zeckendorf/{x}", Tags: []string{"explorer"},
		Summary:     "A number as a sum of Fibonacci numbers",
		Description: "Each number is a sum of Fibonacci numbers, no two of which are neighbours, in exactly one way: its Zeckendorf representation. The answer never changes.",
	}, a.getZeckendorf, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
}

func (a *api) getZeckendorf(ctx context.Context, in *zeckendorfInput) (*cachedOutput[Zeckendorf], error) {
	return explore(ctx, a, map[string]string{"value": "path.x"}, func(context.Context) (Zeckendorf, error) {
		x := in.X.big()
		indices, err := fibonacci.Zeckendorf(x)
		if err != nil {
			return Zeckendorf{}, err
		}
		return Zeckendorf{Value: x.String(), Indices: indices}, nil
	})
}
