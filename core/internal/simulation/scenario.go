package simulation

import (
	"time"

	"github.com/pisano-dev/pisano/core"
)

// scenario is what a seed has in store for a run, as far as it is known before.
type scenario struct {
	apis, workers int
	concurrency   int
	claimPeriod   time.Duration
	indices       []core.Index
	natures       map[core.Index]nature
	rates         rates
	faultPhase    time.Duration // how long there are faults, from the start on
	operations    []operation
	nemeses       []nemesis
}

// nature is what becomes of the calculations of an index.
type nature int

const (
	healthy nature = iota
	failing        // each of its calculations fails
	killing        // each of its calculations kills its worker
)

// rates are the probabilities of what may happen, to each port call if nothing
// else is said.
type rates struct {
	failed, lostReply, lateEffect, slow, slowReply, crash float64
	eventsLost, eventsDoubled                             float64
	evictedSoon, flushedSoon                              float64 // of each value stored
	calculationFailed                                     float64 // of each calculation
}

// operation is something a client asks.
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
)

// nemesis is a fault of the world around the processes.
type nemesis struct {
	at    time.Duration
	kind  nemesisKind
	lasts time.Duration // of an outage
	which int           // of the processes
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
	stopped // in good order, to be started again
	nemesisKinds
)

// newScenario returns the scenario of a seed.
func newScenario(seed uint64) scenario {
	d := newPRNG(seed, hash("plan"))
	p := scenario{
		apis:        1 + d.below(3),
		workers:     1 + d.below(3),
		concurrency: 1 + d.below(2),
		claimPeriod: d.between(2*time.Second, 6*time.Second),
		natures:     make(map[core.Index]nature),
		faultPhase:  d.between(5*time.Second, 30*time.Second),
	}
	for taken := make(map[core.Index]bool); len(p.indices) < 5+int(seed%26); {
		if n := core.Index(d.below(2*largest+1) - largest); !taken[n] {
			taken[n] = true
			p.indices = append(p.indices, n)
		}
	}
	if d.chance(0.15) {
		p.natures[p.indices[0]] = failing
	}
	if d.chance(0.1) {
		p.natures[p.indices[1]] = killing
	}
	if d.chance(0.75) {
		p.rates = drawRates(&d)
	}
	asked := p.indices
	if d.chance(0.2) {
		asked = asked[:3] // a crowd around few indices, and a cache without room
		p.rates.evictedSoon = 0.9
	}
	for range 5 + d.below(40) {
		q := p.drawOperation(&d, asked)
		if last := len(p.operations) - 1; last >= 0 && d.chance(0.5) {
			// Questions about one thing come together, and so get in each other's way.
			q.at, q.indices[0] = p.operations[last].at+d.between(0, 3*time.Second), p.operations[last].indices[0]
		}
		p.operations = append(p.operations, q)
	}
	if d.chance(0.75) {
		for range d.below(7) {
			p.nemeses = append(p.nemeses, p.drawNemesis(&d))
		}
	}
	return p
}

func drawRates(d *prng) rates {
	return rates{
		failed:            from(d, 0, 0, 0.01, 0.05),
		lostReply:         from(d, 0, 0, 0.01, 0.05),
		lateEffect:        from(d, 0, 0, 0.01, 0.03),
		slow:              from(d, 0, 0, 0.01, 0.05),
		slowReply:         from(d, 0, 0, 0.01, 0.05),
		crash:             from(d, 0, 0, 0.002, 0.008),
		eventsLost:        from(d, 0, 0, 0.05, 0.5),
		eventsDoubled:     from(d, 0, 0, 0.05, 0.5),
		evictedSoon:       from(d, 0, 0, 0.3, 0.9),
		flushedSoon:       from(d, 0, 0, 0, 0.05),
		calculationFailed: from(d, 0, 0, 0.02, 0.1),
	}
}

func (p *scenario) drawOperation(d *prng, asked []core.Index) operation {
	q := operation{
		at:      d.between(0, p.faultPhase),
		kind:    from(d, submit, submit, submit, submit, submit, status, status, await, digits, digits, list, values),
		api:     d.below(p.apis),
		indices: []core.Index{from(d, asked...)},
	}
	if q.kind == submit {
		for range d.below(4) {
			q.indices = append(q.indices, from(d, asked...))
		}
	}
	return q
}

func (p *scenario) drawNemesis(d *prng) nemesis {
	return nemesis{
		at:    d.between(0, p.faultPhase),
		kind:  nemesisKind(d.below(int(nemesisKinds))),
		lasts: d.between(100*time.Millisecond, from[time.Duration](d, 1, 2, 10)*p.claimPeriod),
		which: d.below(p.apis + p.workers),
		index: from(d, p.indices...),
	}
}
