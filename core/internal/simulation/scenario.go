package simulation

import (
	"time"

	"github.com/pisano-dev/pisano/core"
)

// scenario is what a seed determines before the run: who takes part, what
// submitters do, and which faults come at which rate.
type scenario struct {
	apis, workers int
	concurrency   int
	memory        int64 // of each worker in bytes; 0: not known
	lease         time.Duration
	indices       []core.Index
	natures       map[core.Index]nature
	slow          bool // calculations take several leases
	rates         rates
	faultPhase    time.Duration // from the start; there are no faults after it
	operations    []operation
	nemeses       []nemesis
	clocks        clocks
	pressure
	*contention         // nil in most
	*loss               // nil in most
	keyed       float64 // probability that a submission has a key
	disk        fullDisk
	summaries   int64 // memory for summaries of each API
	retires     bool  // old records are deleted at the end
	crowd
}

// nature is how the calculations of an index end.
type nature int

const (
	healthy    nature = iota
	failing           // each of its calculations fails
	killing           // each of its calculations kills its worker
	recovering        // all but the last that it is given fail
)

// rates are the probabilities of faults, of each port call unless noted.
type rates struct {
	failed, lostReply, lateEffect, slow, slowReply, crash float64
	unreachable                                           float64 // the server goes away at that moment, for a while
	eventsLost, eventsDoubled                             float64
	evictedSoon, flushedSoon                              float64 // of each value stored
	calculationFailed                                     float64 // of each calculation
}

// operation is a request of a submitter to an API, and when it is made.
type operation struct {
	at      time.Duration
	kind    operationKind
	api     int
	indices []core.Index
}

type operationKind int

const (
	submit operationKind = iota
	status
	await
	digits
	list
	values
	overview
)

// nemesis is a fault that strikes a server or a process, not a single call.
type nemesis struct {
	at    time.Duration
	kind  nemesisKind
	lasts time.Duration // an outage or a pause
	which int           // the node, or the part of a value
	index core.Index
}

type nemesisKind int

const (
	cacheFlushed nemesisKind = iota
	queueFlushed
	redisFlushed // cache and queue
	evicted
	damaged
	storeAway
	redisAway // cache, queue and events
	crashed
	stopped // gracefully, to be started again
	paused  // as by SIGSTOP or a machine that sleeps
	partitionLost
	reverted // cache and queue, to an older snapshot
	refusing // the store or the cache refuses all calls of workers, as if they lost a permission
	nemesisKinds
)

var nemesisNames = [nemesisKinds]string{
	"cache flushed", "queue flushed", "Redis flushed", "value evicted", "value damaged", "store away", "Redis away",
	"process crashed", "process stopped", "process paused",
	"partition lost", "snapshot restored", "calls refused",
}

// newScenario chooses the scenario of a seed.
func newScenario(seed uint64) scenario {
	rng := newPRNG(seed, hash("plan")) // another word would change every seed's scenario
	sc := scenario{
		apis:        1 + rng.below(3),
		workers:     1 + rng.below(3),
		concurrency: 1 + rng.below(2),
		lease:       rng.between(2*time.Second, 6*time.Second),
		natures:     make(map[core.Index]nature),
		faultPhase:  rng.between(5*time.Second, 30*time.Second),
	}
	for taken := make(map[core.Index]bool); len(sc.indices) < 5+int(seed%26); {
		if n := core.Index(rng.below(2*largest+1) - largest); !taken[n] {
			taken[n] = true
			sc.indices = append(sc.indices, n)
		}
	}
	if rng.chance(0.15) {
		sc.natures[sc.indices[0]] = failing
	}
	if rng.chance(0.1) {
		sc.natures[sc.indices[1]] = killing
	}
	if rng.chance(0.75) {
		sc.rates = drawRates(&rng)
	}
	if rng.chance(0.1) {
		// Calls still fail when it gets its last delivery.
		sc.natures[sc.indices[2]] = recovering
		sc.operations = append(sc.operations, operation{at: time.Second, kind: submit, indices: sc.indices[2:3]})
		sc.faultPhase = max(sc.faultPhase, 10*sc.lease)
		sc.rates.failed, sc.rates.lostReply = 0.12, 0.05
	}
	if sc.natures[sc.indices[0]] == failing {
		// It fails, and is submitted again, several times.
		sc.faultPhase = max(sc.faultPhase, 15*sc.lease)
		sc.rates.crash = 0.005
		for range 10 {
			sc.operations = append(sc.operations, operation{at: rng.between(0, sc.faultPhase), kind: submit, indices: sc.indices[:1]})
		}
	}
	candidates, submissions := sc.indices, 5+rng.below(40)
	if rng.chance(0.2) {
		// Many submitters, few indices, and a cache that is too small.
		candidates, submissions = candidates[:3], 2*submissions
		sc.rates.evictedSoon = 0.9
	}
	sc.memory = from[int64](&rng, 0, 1, 1, 2) * (largest * 3 / 2) << 20
	for range submissions {
		op := sc.drawOperation(&rng, candidates)
		if last := len(sc.operations) - 1; last >= 0 && rng.chance(0.5) {
			// Operations on one index close to each other race.
			op.at, op.indices[0] = sc.operations[last].at+rng.between(0, 3*time.Second), sc.operations[last].indices[0]
		}
		sc.operations = append(sc.operations, op)
	}
	if rng.chance(0.75) {
		for range rng.below(7) {
			sc.nemeses = append(sc.nemeses, sc.drawNemesis(&rng))
		}
	}
	if rng.chance(0.1) { // the workers are paused in turn, again and again
		n := sc.drawNemesis(&rng)
		n.kind, n.at = paused, rng.between(time.Second, 2*time.Second)
		sc.slow = true
		for i := range 14 {
			n.which = sc.apis + i%sc.workers
			n.lasts = rng.between(sc.lease, 2*sc.lease)
			sc.nemeses = append(sc.nemeses, n)
			n.at += n.lasts + rng.between(200*time.Millisecond, 3*time.Second)
		}
	}
	for _, add := range subjects {
		add(&sc, seed)
	}
	for i := range sc.operations {
		sc.operations[i].at += time.Duration(i) // no two begin at the same instant
	}
	return sc
}

// subjects are what a scenario may have besides faults of calls and nemeses. Each
// chooses with a generator of its own, so that a new one leaves the scenarios
// without it as they are.
var subjects = [...]func(*scenario, uint64){
	(*scenario).push, (*scenario).setClocks, (*scenario).contend, (*scenario).flood, (*scenario).lose, (*scenario).fill, (*scenario).multiply, (*scenario).gather,
	(*scenario).estimate, (*scenario).repeat, (*scenario).remember, (*scenario).retire,
}

// estimate gives half of the scenarios estimates that are about right: what takes
// milliseconds is worked on in batches, and what takes longer is not. Without them
// all seems to take no time.
func (sc *scenario) estimate(seed uint64) {
	rng := newPRNG(seed, hash("estimates"))
	if sc.estimates != nil || rng.chance(0.5) {
		return
	}
	sc.estimates = make(map[core.Index]time.Duration)
	short := rng.fraction()
	for _, n := range sc.indices {
		if rng.chance(short) {
			sc.estimates[n] = rng.between(100*time.Microsecond, 10*time.Millisecond)
		} else {
			sc.estimates[n] = sc.drawTime(&rng)
		}
	}
}

func drawRates(rng *prng) rates {
	return rates{
		failed:            from(rng, 0, 0, 0.01, 0.05),
		lostReply:         from(rng, 0, 0, 0.01, 0.05),
		lateEffect:        from(rng, 0, 0, 0.01, 0.03),
		slow:              from(rng, 0, 0, 0.01, 0.05),
		slowReply:         from(rng, 0, 0, 0.01, 0.05),
		crash:             from(rng, 0, 0, 0.002, 0.008),
		unreachable:       from(rng, 0, 0, 0, 0.002),
		eventsLost:        from(rng, 0, 0, 0.05, 0.5),
		eventsDoubled:     from(rng, 0, 0, 0.05, 0.5),
		evictedSoon:       from(rng, 0, 0, 0.3, 0.9),
		flushedSoon:       from(rng, 0, 0, 0, 0.05),
		calculationFailed: from(rng, 0, 0, 0.02, 0.1),
	}
}

func (sc *scenario) drawOperation(rng *prng, candidates []core.Index) operation {
	op := operation{
		at:      rng.between(0, sc.faultPhase),
		kind:    from(rng, submit, submit, submit, submit, submit, status, status, await, digits, digits, list, values, overview, overview),
		api:     rng.below(sc.apis),
		indices: []core.Index{from(rng, candidates...)},
	}
	if op.kind == submit {
		for range rng.below(4) {
			op.indices = append(op.indices, from(rng, candidates...))
		}
	}
	return op
}

func (sc *scenario) drawNemesis(rng *prng) nemesis {
	return nemesis{
		at:    rng.between(0, sc.faultPhase),
		kind:  nemesisKind(rng.below(int(nemesisKinds))),
		lasts: rng.between(100*time.Millisecond, from[time.Duration](rng, 1, 2, 10)*sc.lease),
		which: rng.below(sc.apis + sc.workers),
		index: from(rng, sc.indices...),
	}
}
