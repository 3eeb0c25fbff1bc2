package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// NumberFacts are what is known of F(n) without calculating it.
type NumberFacts struct {
	Index             string    `json:"index" pattern:"^(0|-?[1-9][0-9]*)$" maxLength:"1002" example:"10"`
	Number            TermFacts `json:"number"`
	SmallPrimeFactors []uint64  `json:"smallPrimeFactors" nullable:"false" doc:"The primes below 1,000 that divide F(n)."`
	Divisors          []int64   `json:"divisors,omitempty" nullable:"false" doc:"The divisors d of n: F(d) divides F(n). Absent for n = 0 and beyond 2^53, and if there are more than 1,000."`
	Lucas             TermFacts `json:"lucas" doc:"The Lucas number L(n) = F(n−1) + F(n+1)."`
}

// TermFacts are the digits of a Fibonacci or Lucas number: all, or the first and the
// last.
type TermFacts struct {
	Sign       int       `json:"sign" minimum:"-1" maximum:"1" example:"1" doc:"−1, 0 or 1."`
	Even       bool      `json:"even"`
	DigitCount string    `json:"digitCount" pattern:"^[1-9][0-9]*$" maxLength:"1000" example:"2" doc:"The number of decimal digits, without the sign."`
	Value      string    `json:"value,omitempty" pattern:"^-?[0-9]+$" maxLength:"1001" example:"55" doc:"The whole number, if it has at most 1,000 digits."`
	Leading    string    `json:"leading,omitempty" pattern:"^[0-9]{50}$" doc:"The first 50 digits of a longer number."`
	Trailing   string    `json:"trailing,omitempty" pattern:"^[0-9]{50}$" doc:"The last 50 digits of a longer number."`
	Scientific string    `json:"scientific" maxLength:"1100" example:"5.5e+1" doc:"The number rounded to 20 significant digits."`
	Primality  Primality `json:"primality"`
}

// Primality is what is known of the primality of a number.
type Primality struct {
	Verdict string `json:"verdict" enum:"unknown,prime,probablePrime,composite,neither" example:"composite"`
	Reason  string `json:"reason" example:"F(5) divides F(n)." doc:"A sentence for people."`
	Divisor string `json:"divisor,omitempty" pattern:"^[0-9]+$" maxLength:"1001" example:"5" doc:"Of a composite: the index of a number in the same sequence that divides it, if one is known."`
	Factor  string `json:"factor,omitempty" pattern:"^[0-9]+$" maxLength:"1001" doc:"Of a composite: a factor that is not in the sequence, if one is known."`
}

// verdicts are the names of the verdicts in the document.
var verdicts = map[fibonacci.Verdict]string{
	fibonacci.VerdictUnknown:  "unknown",
	fibonacci.Prime:           "prime",
	fibonacci.ProbablePrime:   "probablePrime",
	fibonacci.Composite:       "composite",
	fibonacci.NeitherNorPrime: "neither",
}

type numberInput struct {
	N IntegerText `path:"n" doc:"The index n of F(n), of up to 10^1000 in size."`
}

func (a *api) registerNumbers(routes huma.API) {
	register(routes, huma.Operation{
		OperationID: "getNumber", Method: http.MethodGet, Path: "/numbers/{n}", Tags: []string{"explorer"},
		Summary:     "What is known of F(n)",
		Description: "Sign, parity, digits, primality and divisors of F(n) and of the Lucas number L(n), for n up to 10^1000 in size. The number itself is not calculated, nothing is recorded, and the answer never changes.",
	}, a.getNumber, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
}

func (a *api) getNumber(ctx context.Context, in *numberInput) (*cachedOutput[NumberFacts], error) {
	return explore(ctx, a, map[string]string{"index": "path.n"}, func(context.Context) (NumberFacts, error) {
		n := in.N.big()
		f, err := fibonacci.At(n)
		if err != nil {
			return NumberFacts{}, err
		}
		l, err := fibonacci.LucasAt(n)
		if err != nil {
			return NumberFacts{}, err
		}
		facts := NumberFacts{Index: n.String(), SmallPrimeFactors: f.SmallPrimeFactors(), Divisors: divisorsOf(f)}
		if facts.SmallPrimeFactors == nil {
			facts.SmallPrimeFactors = []uint64{}
		}
		if facts.Number, err = termFacts(f); err != nil {
			return NumberFacts{}, err
		}
		facts.Lucas, err = termFacts(l)
		return facts, err
	})
}

// maxDivisors bounds the divisors of an answer.
const maxDivisors = 1000

// divisorsOf returns the divisors of the index, or nil if they are not listed.
func divisorsOf(f fibonacci.Term) []int64 {
	indices, err := f.Divisors()
	if err != nil || len(indices) > maxDivisors {
		return nil
	}
	var divisors []int64
	for _, d := range indices {
		divisors = append(divisors, int64(d))
	}
	return divisors
}

func termFacts(t fibonacci.Term) (TermFacts, error) {
	const significant = 20
	scientific, err := t.Scientific(significant)
	if err != nil {
		return TermFacts{}, err
	}
	count := t.DigitCount()
	facts := TermFacts{Sign: t.Sign(), Even: t.Even(), DigitCount: count.String(), Scientific: scientific.String(), Primality: primalityOf(t)}
	if count.IsInt64() && count.Int64() <= core.WholeDigits {
		facts.Value, err = t.Leading(fibonacci.MaxDigits)
		if t.Sign() < 0 {
			facts.Value = "-" + facts.Value
		}
		return facts, err
	}
	if facts.Leading, err = t.Leading(core.EndDigits); err != nil {
		return TermFacts{}, err
	}
	facts.Trailing, err = t.Trailing(core.EndDigits)
	return facts, err
}

func primalityOf(t fibonacci.Term) Primality {
	p := t.Primality()
	answer := Primality{Verdict: verdicts[p.Verdict], Reason: p.Reason}
	if p.Divisor != nil {
		answer.Divisor = p.Divisor.String()
	}
	if p.Factor != nil {
		answer.Factor = p.Factor.String()
	}
	return answer
}
