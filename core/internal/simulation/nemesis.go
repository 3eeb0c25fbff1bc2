package simulation

import (
	"context"
	"fmt"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// inject waits for the time of a nemesis and lets it strike.
func (s *simulation) inject(n nemesis) {
	if s.pause(s.ctx, n.at) != nil {
		return
	}
	s.mu.Lock()
	s.coverage[Cell{Fault: nemesisNames[n.kind]}] = true
	s.mu.Unlock()
	switch n.kind {
	case cacheFlushed:
		s.traceEvent("the cache is flushed")
		s.flushCache()
	case queueFlushed:
		s.traceEvent("the queue is flushed")
		s.flushQueue()
	case redisFlushed:
		s.traceEvent("cache and queue are flushed")
		s.flushCache()
		s.flushQueue()
	case partitionLost:
		s.losePartition(n.which)
	case reverted:
		s.revert(n.lasts)
	case evicted:
		s.evict(n.index)
	case damaged:
		s.damage(n)
	case refusing:
		s.refuse([...]string{"IndexStore", "ValueCache"}[n.which%2], n.lasts)
	case storeAway:
		s.outage(&s.storeAway, n.lasts)
	case redisAway:
		s.outage(&s.redisAway, n.lasts)
	case crashed, stopped:
		if p := s.running(s.nodes[n.which]); p != nil && n.kind == crashed {
			s.crash(p)
		} else if p != nil {
			s.stop(p)
		}
	case paused:
		if p := s.running(s.nodes[n.which]); p != nil {
			s.pauseProcess(p, n.lasts)
		}
	}
}

func (s *simulation) flushCache() {
	for _, n := range s.scenario.indices {
		s.oracle.flushed(n)
	}
	s.cache.Flush()
}

func (s *simulation) flushQueue() {
	for _, n := range s.inQueue() {
		s.oracle.allowCalculation(n)
	}
	s.queue.Flush()
	s.workers.Flush()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, node := range s.nodes {
		if p := node.current; p != nil {
			for _, n := range p.holding {
				p.disturb(n)
			}
		}
	}
}

func (s *simulation) evict(n core.Index) {
	s.traceEvent(fmt.Sprintf("F(%d) is evicted", n))
	s.oracle.lost(n, false)
	s.cache.Evict(n)
}

// afterPut may evict the value just stored, as a cache that is too small does, or
// flush the cache.
func (s *simulation) afterPut(n core.Index) {
	if !s.inFaultPhase() {
		return
	}
	rng := newPRNG(s.seed, hash("after Put"), uint64(n), uint64(time.Now().UnixNano()))
	soon := from(&rng, rng.between(0, 5*time.Millisecond), rng.between(0, 2*time.Second))
	switch {
	case rng.chance(s.scenario.rates.evictedSoon):
		s.later(soon, func() { s.evict(n) })
	case rng.chance(s.scenario.rates.flushedSoon):
		s.later(soon, func() {
			s.traceEvent("the cache is flushed")
			s.flushCache()
		})
	}
}

// damage changes a stored byte of a value, if there is one.
func (s *simulation) damage(n nemesis) {
	if !s.oracle.isThere(n.index) {
		return
	}
	part := n.which%2 - 1
	s.traceEvent(fmt.Sprintf("part %d of F(%d) is damaged", part, n.index))
	s.oracle.lost(n.index, true)
	s.cache.Damage(n.index, part)
}

// refuse has a port refuse all calls of workers for a while. At the end it accounts
// for a delivery of what they hold, and a calculation: a call may be refused just
// before, and seem to be the only one.
func (s *simulation) refuse(port string, lasts time.Duration) {
	s.traceEvent(port + " refuses the calls of workers")
	s.mu.Lock()
	s.refusing[port]++
	s.mu.Unlock()
	_ = s.pause(s.ctx, lasts)
	s.mu.Lock()
	s.refusing[port]--
	s.mu.Unlock()
	s.traceEvent(port + " accepts the calls of workers")
	for _, node := range s.nodes[s.scenario.apis:] {
		p := s.running(node)
		if p == nil {
			continue
		}
		for _, claim := range p.held() {
			p.allow(claim.Index)
		}
	}
}

// outage makes a server unreachable for a while.
func (s *simulation) outage(away *int, lasts time.Duration) {
	s.goAway(away)
	s.comeBack(away, lasts)
}

// goAway makes a server unreachable, and ends the subscriptions if it is Redis.
// away counts the outages that overlap.
func (s *simulation) goAway(away *int) {
	s.traceEvent(s.serverName(away) + " is away")
	s.mu.Lock()
	*away++
	var subscriptions []context.CancelFunc
	if away == &s.redisAway {
		subscriptions, s.subscriptions = s.subscriptions, nil
	}
	s.mu.Unlock()
	for _, end := range subscriptions {
		end()
	}
}

// comeBack ends an outage after a while.
func (s *simulation) comeBack(away *int, after time.Duration) {
	_ = s.pause(s.ctx, after)
	s.mu.Lock()
	*away--
	s.mu.Unlock()
	s.traceEvent(s.serverName(away) + " is back")
}

// loseServer makes the server of a call unreachable from now on, for a while.
func (s *simulation) loseServer(call intercept.Call, lasts time.Duration) {
	away := s.outages(call)
	s.goAway(away)
	s.all.Go(func() { s.comeBack(away, lasts) })
}

func (s *simulation) serverName(away *int) string {
	if away == &s.storeAway {
		return "the store"
	}
	return "Redis"
}

// untilRedisGoes returns a context that ends with ctx and when Redis goes away.
func (s *simulation) untilRedisGoes(ctx context.Context) context.Context {
	ctx, end := context.WithCancel(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscriptions = append(s.subscriptions, end)
	return ctx
}

// outages returns the number of outages that the server of a call has at present,
// which is under s.mu.
func (s *simulation) outages(call intercept.Call) *int {
	if call.Port() == "IndexStore" {
		return &s.storeAway
	}
	return &s.redisAway
}
