package simulation

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// largest is the largest size of an index in a simulation, which is about time
// and failure, not about digits.
const largest = 400

// truth holds |F(n)|, and truthText its digits, for every n up to largest.
var truth, truthText = func() (numbers [largest + 1]decimal.Natural, texts [largest + 1]string) {
	for n := range numbers {
		number, err := fibonacci.Magnitude(context.Background(), core.Index(n))
		if err != nil {
			panic(err)
		}
		numbers[n], texts[n] = number, number.String()
	}
	return numbers, texts
}()

// calculator returns values from a table after a time chosen from the seed, and
// fails or crashes its worker where the scenario says so.
type calculator struct{ caller *caller }

// failure is the reason of calculations that fail.
const failure = "This index can't be calculated."

// Estimate implements core.Calculator. The memory of F(n) is n MiB.
func (c calculator) Estimate(n core.Index) core.Estimate {
	return core.Estimate{Bytes: int64(n.Abs()) << 20, Duration: c.caller.process.sim.scenario.estimates[n]}
}

// Calculate implements core.Calculator.
func (c calculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	s := c.caller.process.sim
	d := newPRNG(s.seed, hash("calculation"), uint64(n), s.oracle.begin(n))
	defer c.caller.process.useMemory(n)()
	nature := s.scenario.natures[n]
	if nature == recovering {
		nature = failing
		if jobs, _ := s.queue.Jobs(ctx, n); jobs[n].Deliveries >= core.MaxDeliveries {
			nature = healthy
		}
	}
	if nature == healthy && s.inFaultPhase() && d.chance(s.scenario.rates.calculationFailed) {
		nature = failing
	}
	const steps = 4
	step := s.calculationTime(&d) / steps
	for i := range steps {
		progress(float64(i) / steps)
		if err := s.pause(ctx, step); err != nil {
			return decimal.Natural{}, err
		}
		if c.caller.process.awaitResumed(ctx) {
			_ = s.pause(ctx, d.between(50*time.Microsecond, 3*time.Millisecond))
		}
		if i < steps/2 {
			continue
		}
		switch nature {
		case failing:
			s.oracle.allow(n)
			s.mu.Lock()
			c.caller.process.disturb(n)
			s.mu.Unlock()
			return decimal.Natural{}, core.NewError(core.KindInternal, failure)
		case killing:
			s.crash(c.caller.process)
			return decimal.Natural{}, errDead
		}
	}
	progress(1)
	return truth[n.Abs()], nil
}

// calculationTime is mostly short, and in one of ten cases longer than the lease.
func (s *simulation) calculationTime(d *prng) time.Duration {
	switch u := d.fraction(); {
	case s.scenario.slow:
		return d.between(3*s.scenario.lease, 6*s.scenario.lease)
	case u < 0.7:
		return d.between(10*time.Millisecond, 500*time.Millisecond)
	case u < 0.9:
		return d.between(500*time.Millisecond, 3*time.Second)
	}
	return d.between(s.scenario.lease, 4*s.scenario.lease)
}
