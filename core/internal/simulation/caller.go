package simulation

import (
	"context"
	"fmt"
	"runtime/pprof"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// caller is a part of a process that makes port calls: a service, a worker or a
// reconciler.
type caller struct {
	process *process
	name    string
	key     uint64
	calls   map[callKey]uint64 // made so far; under the simulation's mutex

	// When it last read the records, and when it did so before it last looked for
	// the values; under the simulation's mutex.
	looks, lookedUp map[core.Index]time.Time

	works      bool // it is a worker
	reconciles bool
	unfinished []core.Index // as last read, if it reconciles
	began      time.Time    // when its last round began, if it reconciles
	returned   time.Time    // when its last call returned, if it reconciles
}

// callKey and the number of earlier calls with the same key identify a call
// whatever the scheduler does.
type callKey struct {
	request uint64 // number of the submitter's request, 0 if none
	method  string
	index   core.Index // the first that the call is about
	token   string     // of the first claim that it is about
	slot    string     // of a worker
	bounded bool       // whether it has a deadline, unlike one in the background
}

func keyOf(ctx context.Context, call intercept.Call) callKey {
	key := callKey{request: requestOf(ctx).number(), method: call.Name, index: first(call), token: firstToken(call)}
	if call.Name != "WorkQueue.Ping" { // which any slot calls for all
		key.slot, _ = pprof.Label(ctx, "slot")
	}
	_, key.bounded = ctx.Deadline()
	return key
}

// firstToken tells the claims of one index apart, which a worker may give back at
// the same time.
func firstToken(call intercept.Call) string {
	switch call.Name {
	case "WorkQueue.Acknowledge", "WorkQueue.Release":
		return (*intercept.Arg[[]core.Claim](call))[0].Token
	case "WorkQueue.Renew":
		return (*intercept.Arg[[]core.Renewal](call))[0].Claim.Token
	}
	return ""
}

// prng returns a generator for a call with the key that the caller makes. number
// tells it from others with the same key.
func (k callKey) prng(c *caller, number uint64) prng {
	return newPRNG(c.process.sim.seed, c.key, hash(fmt.Sprint(k)), number)
}

// begin returns the generator for a call, or false if its caller is dead or its
// context has ended.
func (c *caller) begin(ctx context.Context, call intercept.Call) (prng, bool) {
	s := c.process.sim
	if ctx.Err() != nil {
		return prng{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.process.dead {
		return prng{}, false
	}
	key := keyOf(ctx, call)
	if c.isShared(call) {
		key.request = 0 // whichever makes it
	}
	c.calls[key]++
	s.calls++
	return key.prng(c, c.calls[key]), true
}

// caller returns the part of the process with the given name.
func (p *process) caller(part string) *caller {
	name := p.name + part
	return &caller{process: p, name: name, key: hash(name), calls: make(map[callKey]uint64), looks: make(map[core.Index]time.Time), lookedUp: make(map[core.Index]time.Time)}
}

// look notes that the caller reads the records of the indices.
func (c *caller) look(indices []core.Index) {
	c.process.sim.mu.Lock()
	defer c.process.sim.mu.Unlock()
	for _, n := range indices {
		c.looks[n] = time.Now()
	}
}

// lookOn notes that the caller is about to look for the values of the indices.
func (c *caller) lookOn(indices []core.Index) {
	c.process.sim.mu.Lock()
	defer c.process.sim.mu.Unlock()
	for _, n := range indices {
		c.lookedUp[n] = c.looks[n]
	}
}

// looked returns when the caller read the record of n before it looked for its
// value.
func (c *caller) looked(n core.Index) time.Time {
	c.process.sim.mu.Lock()
	defer c.process.sim.mu.Unlock()
	return c.lookedUp[n]
}
