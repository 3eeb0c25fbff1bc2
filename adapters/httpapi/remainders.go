package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// Remainder is F(n) modulo m.
type Remainder struct {
	Index     string         `json:"index" pattern:"^(0|-?[1-9][0-9]*)$" maxLength:"1002" example:"10"`
	Modulus   string         `json:"modulus" pattern:"^[1-9][0-9]*$" maxLength:"1001" example:"7"`
	Remainder string         `json:"remainder" pattern:"^[0-9]+$" maxLength:"1000" example:"6" doc:"Between 0 and m − 1, also if F(n) is negative."`
	Steps     []DoublingStep `json:"steps,omitempty" nullable:"false" doc:"With steps=true: the pairs that lead to F(|n|), each of twice the index or one more."`
}

// DoublingStep is a pair of neighbours in the sequence modulo m.
type DoublingStep struct {
	Index string `json:"index" pattern:"^[0-9]+$" maxLength:"1001" example:"5" doc:"The index k."`
	Value string `json:"value" pattern:"^[0-9]+$" maxLength:"1000" example:"5" doc:"F(k) modulo m."`
	Next  string `json:"next" pattern:"^[0-9]+$" maxLength:"1000" example:"1" doc:"F(k+1) modulo m."`
}

type remainderInput struct {
	N     IntegerText `path:"n" doc:"The index n of F(n), of up to 10^1000 in size."`
	M     IntegerText `path:"m" doc:"The modulus m, from 1 to 10^1000."`
	Steps bool        `query:"steps" doc:"Adds the steps of the calculation, if they have at most 1,000,000 digits in all."`
}

func (a *api) registerRemainders(routes huma.API) {
	register(routes, huma.Operation{
		OperationID: "getRemainder", Method: http.MethodGet, Path: "/numbers/{n}/mod/{m}", Tags: []string{"explorer"},
		Summary:     "F(n) modulo m",
		Description: "Calculated by fast doubling: F(2k) = F(k)(2F(k+1) − F(k)), F(2k+1) = F(k)² + F(k+1)². The answer never changes.",
	}, a.getRemainder, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
}

// maxStepDigits bounds the digits of the steps in an answer.
const maxStepDigits = 1_000_000

func (a *api) getRemainder(ctx context.Context, in *remainderInput) (*cachedOutput[Remainder], error) {
	return explore(ctx, a, map[string]string{"index": "path.n", "modulus": "path.m", "steps": "query.steps"}, func(context.Context) (Remainder, error) {
		n, m := in.N.big(), in.M.big()
		f, err := fibonacci.At(n)
		if err != nil {
			return Remainder{}, err
		}
		r, err := f.Mod(m)
		if err != nil {
			return Remainder{}, err
		}
		answer := Remainder{Index: n.String(), Modulus: m.String(), Remainder: r.String()}
		if !in.Steps {
			return answer, nil
		}
		if n.BitLen()*(2*len(answer.Modulus)+len(answer.Index)) > maxStepDigits {
			return Remainder{}, &core.Error{Kind: core.KindTooLarge, Field: "steps",
				Message: fmt.Sprintf("The steps would have more than %d digits. Ask for a smaller index or modulus, or without the steps.", maxStepDigits)}
		}
		steps, err := f.Steps(m)
		if err != nil {
			return Remainder{}, err
		}
		for step := range steps {
			answer.Steps = append(answer.Steps, DoublingStep{step.Index.String(), step.F.String(), step.Next.String()})
		}
		return answer, nil
	})
}
