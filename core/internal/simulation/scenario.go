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
	pressure
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
	nemesisKinds
)

// newScenario chooses the scenario of a seed.
func newScenario(seed uint64) scenario {
	d := newPRNG(seed, hash("plan")) // another word would change every seed's scenario
	p := scenario{
		apis:        1 + d.below(3),
		workers:     1 + d.below(3),
		concurrency: 1 + d.below(2),
		lease:       d.between(2*time.Second, 6*time.Second),
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
	if d.chance(0.1) {
		// Calls still fail when it gets its last delivery.
		p.natures[p.indices[2]] = recovering
		p.operations = append(p.operations, operation{at: time.Second, kind: submit, indices: p.indices[2:3]})
		p.faultPhase = max(p.faultPhase, 10*p.lease)
		p.rates.failed, p.rates.lostReply = 0.05, 0.05
	}
	if p.natures[p.indices[0]] == failing {
		// It fails, and is submitted again, several times.
		p.faultPhase = max(p.faultPhase, 15*p.lease)
		p.rates.crash = 0.005
		for range 10 {
			p.operations = append(p.operations, operation{at: d.between(0, p.faultPhase), kind: submit, indices: p.indices[:1]})
		}
	}
	candidates := p.indices
	if d.chance(0.2) {
		candidates = candidates[:3] // many submitters, few indices, and a cache that is too small
		p.rates.evictedSoon = 0.9
	}
	p.memory = from[int64](&d, 0, 1, 1, 2) * (largest * 3 / 2) << 20
	for range 5 + d.below(40) {
		q := p.drawOperation(&d, candidates)
		if last := len(p.operations) - 1; last >= 0 && d.chance(0.5) {
			// Operations on one index close to each other race.
			q.at, q.indices[0] = p.operations[last].at+d.between(0, 3*time.Second), p.operations[last].indices[0]
		}
		p.operations = append(p.operations, q)
	}
	if d.chance(0.75) {
		for range d.below(7) {
			p.nemeses = append(p.nemeses, p.drawNemesis(&d))
		}
	}
	if d.chance(0.1) { // the workers are paused in turn, again and again
		n := p.drawNemesis(&d)
		n.kind, n.at = paused, d.between(time.Second, 2*time.Second)
		p.slow = true
		for i := range 14 {
			n.which = p.apis + i%p.workers
			n.lasts = d.between(p.lease, 2*p.lease)
			p.nemeses = append(p.nemeses, n)
			n.at += n.lasts + d.between(200*time.Millisecond, 3*time.Second)
		}
	}
	p.push(seed)
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

func (p *scenario) drawOperation(d *prng, candidates []core.Index) operation {
	q := operation{
		at:      d.between(0, p.faultPhase),
		kind:    from(d, submit, submit, submit, submit, submit, status, status, await, digits, digits, list, values),
		api:     d.below(p.apis),
		indices: []core.Index{from(d, candidates...)},
	}
	if q.kind == submit {
		for range d.below(4) {
			q.indices = append(q.indices, from(d, candidates...))
		}
	}
	return q
}

func (p *scenario) drawNemesis(d *prng) nemesis {
	return nemesis{
		at:    d.between(0, p.faultPhase),
		kind:  nemesisKind(d.below(int(nemesisKinds))),
		lasts: d.between(100*time.Millisecond, from[time.Duration](d, 1, 2, 10)*p.lease),
		which: d.below(p.apis + p.workers),
		index: from(d, p.indices...),
	}
}
