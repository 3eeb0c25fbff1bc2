package simulation

import (
	"context"
	"fmt"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// inject waits for the time of a nemesis and lets it strike.
func (s *simulation) inject(i nemesis) {
	if s.pause(s.ctx, i.at) != nil {
		return
	}
	switch i.kind {
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
	case evicted:
		s.evict(i.index)
	case damaged:
		s.damage(i)
	case storeAway:
		s.outage(i, &s.storeAway)
	case redisAway:
		s.goAway()
		s.outage(i, &s.redisAway)
	case crashed, stopped:
		if p := s.running(s.nodes[i.which]); p != nil && i.kind == crashed {
			s.crash(p)
		} else if p != nil {
			s.stop(p)
		}
	case paused:
		if p := s.running(s.nodes[i.which]); p != nil {
			s.pauseProcess(p, i.lasts)
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
	d := newPRNG(s.seed, hash("after Put"), uint64(n), uint64(time.Now().UnixNano()))
	soon := from(&d, d.between(0, 5*time.Millisecond), d.between(0, 2*time.Second))
	switch {
	case d.chance(s.scenario.rates.evictedSoon):
		s.later(soon, func() { s.evict(n) })
	case d.chance(s.scenario.rates.flushedSoon):
		s.later(soon, func() {
			s.traceEvent("the cache is flushed")
			s.flushCache()
		})
	}
}

// damage changes a stored byte of a value, if there is one.
func (s *simulation) damage(i nemesis) {
	if !s.oracle.isThere(i.index) {
		return
	}
	part := i.which%2 - 1
	s.traceEvent(fmt.Sprintf("part %d of F(%d) is damaged", part, i.index))
	s.oracle.lost(i.index, true)
	s.cache.Damage(i.index, part)
}

// outage makes a server unreachable for a while. away counts the outages that
// overlap.
func (s *simulation) outage(i nemesis, away *int) {
	name := "Redis"
	if i.kind == storeAway {
		name = "the store"
	}
	s.traceEvent(name + " is away")
	s.mu.Lock()
	*away++
	s.mu.Unlock()
	_ = s.pause(s.ctx, i.lasts)
	s.mu.Lock()
	*away--
	s.mu.Unlock()
	s.traceEvent(name + " is back")
}

// goAway ends the subscriptions, and has the oracle allow for the claims that may
// expire during an outage of Redis.
func (s *simulation) goAway() {
	for _, n := range s.inQueue() {
		s.oracle.allow(n)
	}
	s.mu.Lock()
	subscriptions := s.subscriptions
	s.subscriptions = nil
	s.mu.Unlock()
	for _, end := range subscriptions {
		end()
	}
}

// untilRedisGoes returns a context that ends with ctx and when Redis goes away.
func (s *simulation) untilRedisGoes(ctx context.Context) context.Context {
	ctx, end := context.WithCancel(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscriptions = append(s.subscriptions, end)
	return ctx
}

// away reports whether the server of a call is away; s.mu is held.
func (s *simulation) away(call intercept.Call) bool {
	if call.Port() == "IndexStore" {
		return s.storeAway > 0
	}
	return s.redisAway > 0
}
