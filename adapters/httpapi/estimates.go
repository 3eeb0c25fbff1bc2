package httpapi

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// Estimate is the estimated cost of a calculation.
type Estimate struct {
	Digits  int64   `json:"digits" example:"209" doc:"The exact number of decimal digits of the value."`
	Bytes   int64   `json:"bytes" example:"65536" doc:"Peak memory use in bytes."`
	Seconds float64 `json:"seconds" example:"0.0000018" doc:"Calculation time in seconds on an idle worker, to three significant digits."`
}

func estimateOf(e core.Estimate) Estimate {
	return Estimate{Digits: e.Digits, Bytes: e.Bytes, Seconds: threeDigits(e.Duration.Seconds())}
}

// threeDigits rounds x to three significant digits.
func threeDigits(x float64) float64 {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64) // FormatFloat's output always parses
	return x
}

// IndexEstimate is the estimated cost of calculating an index.
type IndexEstimate struct {
	Index int64 `json:"index" minimum:"-9007199254740991" maximum:"9007199254740991" example:"1000"`
	Estimate
}

type estimateOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         IndexEstimate
}

func (a *api) registerEstimates(routes huma.API) {
	register(routes, huma.Operation{
		OperationID: "getEstimate", Method: http.MethodGet, Path: "/estimates/{index}", Tags: []string{"values"},
		Summary:     "The estimated cost of calculating an index",
		Description: "Nothing is submitted or recorded. An index that is too large gets the same problem as its submission.",
	}, a.estimate, http.StatusUnprocessableEntity)
}

func (a *api) estimate(ctx context.Context, in *IndexPath) (*estimateOutput, error) {
	e, err := a.service.Estimate(ctx, core.Index(in.Index))
	if err != nil {
		return nil, a.fail(ctx, err, "path.index")
	}
	return &estimateOutput{CacheControl: cacheMinute, Body: IndexEstimate{Index: in.Index, Estimate: estimateOf(e)}}, nil
}
