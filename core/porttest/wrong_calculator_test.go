package porttest_test

import (
	"context"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/porttest"
)

var wrongCalculators = map[string]wrong{
	"a calculator that ignores its context": {"want the cause", calculatorTest(func(c core.Calculator) core.Calculator { return deafCalculator{c} })},
	"a calculator that leaves a goroutine":  {"a goroutine is left behind", calculatorTest(func(c core.Calculator) core.Calculator { return leakingCalculator{c} })},
	"a calculator off by one":               {"want exactly", calculatorTest(func(c core.Calculator) core.Calculator { return shiftedCalculator{c} })},
}

func calculatorTest(spoil func(core.Calculator) core.Calculator) func(*testing.T) {
	return func(t *testing.T) {
		porttest.TestCalculator(t, func(*testing.T) core.Calculator { return spoil(fibonacci.New()) })
	}
}

type deafCalculator struct{ core.Calculator }

func (c deafCalculator) Calculate(_ context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	return c.Calculator.Calculate(context.Background(), n, progress)
}

// leakingCalculator leaves a goroutine when it is canceled.
type leakingCalculator struct{ core.Calculator }

func (c leakingCalculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	f, err := c.Calculator.Calculate(ctx, n, progress)
	if err != nil {
		go time.Sleep(time.Hour)
	}
	return f, err
}

// shiftedCalculator takes an index for one that is close.
type shiftedCalculator struct{ core.Calculator }

func (c shiftedCalculator) Estimate(n core.Index) core.Estimate {
	return c.Calculator.Estimate(n/2 + n/2 + 5)
}

func (c shiftedCalculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	return c.Calculator.Calculate(ctx, n/2+n/2+1, progress)
}
