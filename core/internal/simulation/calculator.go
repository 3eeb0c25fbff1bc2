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

// truth holds |F(n)|, and truthText its digits, for every size of an index. Those
// above largest are only used where there are thousands.
var truth, truthText = func() (numbers [1501]decimal.Natural, texts [1501]string) {
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
	start := newPRNG(s.seed, hash("start"), uint64(n), uint64(time.Now().UnixNano()))
	if err := s.pause(ctx, start.between(time.Microsecond, time.Millisecond)); err != nil {
		return decimal.Natural{}, err
	}
	rng := newPRNG(s.seed, hash("calculation"), uint64(n), s.oracle.begin(n, c.caller.process.name))
	defer c.caller.process.useMemory(n)()
	s.begins(n)
	nature := s.scenario.natures[n]
	if nature == recovering {
		nature = failing
		if jobs, _ := s.queue.Jobs(ctx, n); jobs[n].Deliveries >= core.MaxDeliveries {
			nature = healthy
		}
	}
	if nature == healthy && s.inFaultPhase() && rng.chance(s.scenario.rates.calculationFailed) {
		nature = failing
	}
	const steps = 4
	step := s.calculationTime(n, &rng) / steps
	for i := range steps {
		progress(float64(i) / steps)
		if err := s.pause(ctx, step); err != nil {
			return decimal.Natural{}, err
		}
		if c.caller.process.awaitResumed(ctx) {
			_ = s.pause(ctx, rng.between(50*time.Microsecond, 3*time.Millisecond))
		}
		if i < steps/2 {
			continue
		}
		switch nature {
		case failing:
			c.caller.process.allow(n)
			s.mu.Lock()
			s.coverage[Cell{"Calculator.Calculate", calculationFailed.String()}] = true
			s.mu.Unlock()
			return decimal.Natural{}, core.NewError(core.KindInternal, failure)
		case killing:
			s.mu.Lock()
			s.coverage[Cell{"Calculator.Calculate", crashBefore.String()}] = true
			s.mu.Unlock()
			s.crash(c.caller.process)
			return decimal.Natural{}, errDead
		}
	}
	progress(1)
	if err := s.pause(ctx, rng.between(time.Microsecond, time.Millisecond)); err != nil { // or it is the scheduler's choice whether that is published
		return decimal.Natural{}, err
	}
	return truth[n.Abs()], nil
}

// calculationTime returns how long a calculation of n takes: about as long as its
// estimate, if the scenario has estimates.
func (s *simulation) calculationTime(n core.Index, rng *prng) time.Duration {
	estimate, estimated := s.scenario.estimates[n]
	switch {
	case s.scenario.contention != nil, s.scenario.loss != nil:
		return estimate
	case estimated && s.scenario.maxBacklog == 0:
		return rng.between(estimate/2, 2*estimate)
	}
	return s.scenario.drawTime(rng)
}

// drawTime is mostly short, and in one of ten cases longer than the lease.
func (sc *scenario) drawTime(rng *prng) time.Duration {
	switch u := rng.fraction(); {
	case sc.quick:
		return rng.between(time.Millisecond, 10*time.Millisecond)
	case sc.slow:
		return rng.between(3*sc.lease, 6*sc.lease)
	case u < 0.7:
		return rng.between(10*time.Millisecond, 500*time.Millisecond)
	case u < 0.9:
		return rng.between(500*time.Millisecond, 3*time.Second)
	}
	return rng.between(sc.lease, 4*sc.lease)
}
