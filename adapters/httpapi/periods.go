package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// Period is the Pisano period of a modulus.
type Period struct {
	Modulus  string         `json:"modulus" pattern:"^[1-9][0-9]*$" maxLength:"31" example:"10"`
	Period   string         `json:"period" pattern:"^[1-9][0-9]*$" maxLength:"32" example:"60" doc:"π(m), the period of the Fibonacci numbers modulo m."`
	Rank     string         `json:"rank" pattern:"^[1-9][0-9]*$" maxLength:"32" example:"15" doc:"α(m), the least positive n for which m divides F(n)."`
	Ratio    int            `json:"ratio" enum:"1,2,4" example:"4" doc:"π(m)/α(m), the number of zeros in a period."`
	Factors  []PeriodFactor `json:"factors" nullable:"false" doc:"The prime powers of m. π(m) and α(m) are the least common multiples of theirs."`
	Sequence []uint64       `json:"sequence,omitempty" nullable:"false" doc:"With sequence=true: F(0), F(1), … modulo m, one period."`
}

// PeriodFactor is a prime power of a modulus.
type PeriodFactor struct {
	Prime    string `json:"prime" pattern:"^[1-9][0-9]*$" maxLength:"30" example:"5"`
	Exponent int    `json:"exponent" minimum:"1" example:"1"`
	Period   string `json:"period" pattern:"^[1-9][0-9]*$" maxLength:"32" example:"20" doc:"The period of the prime power."`
	Rank     string `json:"rank" pattern:"^[1-9][0-9]*$" maxLength:"32" example:"5" doc:"The rank of the prime power."`
}

type periodInput struct {
	M        IntegerText `path:"m" doc:"The modulus m, from 1 to 10^30. From 2^64 on it must be possible to factor it quickly."`
	Sequence bool        `query:"sequence" doc:"Adds the sequence modulo m, for m up to 10,000."`
}

func (a *api) registerPeriods(routes huma.API) {
	register(routes, huma.Operation{
		OperationID: "getPeriod", Method: http.MethodGet, Path: "/periods/{m}", Tags: []string{"explorer"},
		Summary:     "The Pisano period of m",
		Description: "The period and the rank of apparition of m, with its factors. The answer never changes. A modulus that is too hard to factor is refused, with the factor that is left.",
	}, a.getPeriod, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
}

// maxSequenceModulus bounds the moduli of sequences. A period is at most 6m.
const maxSequenceModulus = 10_000

func (a *api) getPeriod(ctx context.Context, in *periodInput) (*cachedOutput[Period], error) {
	return explore(ctx, a, map[string]string{"modulus": "path.m", "sequence": "query.sequence"}, func(ctx context.Context) (Period, error) {
		m := in.M.big()
		if in.Sequence && m.IsInt64() && m.Int64() > maxSequenceModulus || in.Sequence && !m.IsInt64() {
			return Period{}, &core.Error{Kind: core.KindTooLarge, Field: "sequence",
				Message: fmt.Sprintf("The sequence is listed for a modulus of up to %d.", maxSequenceModulus)}
		}
		p, err := fibonacci.PisanoPeriod(ctx, m)
		if err != nil {
			return Period{}, err
		}
		answer := Period{Modulus: m.String(), Period: p.Period.String(), Rank: p.Rank.String(), Ratio: p.Ratio, Factors: []PeriodFactor{}}
		for _, f := range p.Factors {
			answer.Factors = append(answer.Factors, PeriodFactor{f.Prime.String(), f.Exponent, f.Period.String(), f.Rank.String()})
		}
		if in.Sequence {
			answer.Sequence = slices.Collect(fibonacci.Cycle(m.Uint64()))
		}
		return answer, nil
	})
}
