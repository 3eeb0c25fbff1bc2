package core

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// nearCache keeps the summaries that were read last in the memory of this process,
// in front of the ValueCache. Concurrent reads of one summary share a call.
//
// A value never changes, so a summary with all its digits is right whatever the
// ValueCache loses. It is used in the generation that it was read in, which was
// confirmed within nearAge: after a flush, values are read and restored as if
// nothing had been kept. An abridged summary is used for nearAge only, because it
// is read by those who want the digits next, and nothing tells that a value was
// evicted.
//
// Whether the digits can be read is known to the ValueCache alone. What depends on
// it passes by the nearCache: submissions, digits, restores.
type nearCache struct {
	cache    ValueCache
	watch    func() *Watcher
	capacity int64 // in bytes; nothing is kept if it is 0

	reads  sharedCalls[Index, *nearSummary]
	checks sharedCalls[struct{}, struct{}] // of the generation

	mu          sync.Mutex
	events      *Watcher
	generation  string    // that all of byIndex were read in; empty if unknown
	confirmedAt time.Time // when it was last read
	size        int64     // of all of byIndex
	byIndex     map[Index]*list.Element
	latest      *list.List // of *nearSummary, the one used last first
}

// nearSummary is a summary in a nearCache.
type nearSummary struct {
	Summary
	readAt time.Time

	encode  sync.Once
	encoded []byte // what the first call of Status.EncodedSummary made of it
}

const (
	// nearAge is how long a flush of the ValueCache may go unnoticed, and the
	// eviction of a long value.
	nearAge = time.Second
	// nearOverhead is more than a nearSummary takes beside its digits and what they
	// are encoded as, in bytes.
	nearOverhead = 768
)

func newNearCache(cache ValueCache, watch func() *Watcher, capacity int64) *nearCache {
	return &nearCache{cache: cache, watch: watch, capacity: capacity, byIndex: make(map[Index]*list.Element), latest: list.New()}
}

// size returns about how much memory the summary takes.
func (s *nearSummary) size() int64 {
	return nearOverhead + 2*int64(len(s.Digits)+len(s.Leading)+len(s.Trailing))
}

// isWhole reports whether the summary has all digits of the value.
func (s *nearSummary) isWhole() bool { return s.DigitCount <= WholeDigits }

// find returns the summary of n that is kept, or else the one in the ValueCache;
// nil if there is none or the ValueCache can't be read.
func (c *nearCache) find(ctx context.Context, n Index) *nearSummary {
	if c.capacity == 0 {
		found, _ := c.read(ctx, n)
		return found
	}
	if kept := c.kept(ctx, n); kept != nil {
		return kept
	}
	found, _ := c.reads.do(ctx, n, func(ctx context.Context) (*nearSummary, error) { return c.read(ctx, n) })
	return found
}

// read reads the summary of n from the ValueCache and keeps it. It returns nil if
// there is none.
func (c *nearCache) read(ctx context.Context, n Index) (*nearSummary, error) {
	found := &nearSummary{readAt: time.Now()}
	generation := c.knownGeneration()
	values, err := c.cache.Summaries(ctx, n)
	summary, there := values[n]
	if err != nil || !there {
		return nil, err
	}
	found.Summary = summary
	c.keep(ctx, found, generation)
	return found, nil
}

// knownGeneration returns the generation as last read.
func (c *nearCache) knownGeneration() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.generation
}

// kept returns the summary of n that is kept; nil if there is none or it may not be
// used any more.
func (c *nearCache) kept(ctx context.Context, n Index) *nearSummary {
	kept, confirmed := c.lookUp(n)
	if kept == nil || confirmed {
		return kept
	}
	if c.confirm(ctx) != nil {
		return nil
	}
	kept, _ = c.lookUp(n) // confirmed by this call, however long it took
	return kept
}

// lookUp returns the summary of n, nil if none is kept, and whether its generation
// was confirmed recently.
func (c *nearCache) lookUp(n Index) (kept *nearSummary, confirmed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byIndex) == 0 {
		return nil, false
	}
	c.followEvents()
	place, found := c.byIndex[n]
	if !found {
		return nil, false
	}
	now := time.Now()
	kept = place.Value.(*nearSummary)
	if !kept.isWhole() && now.Sub(kept.readAt) >= nearAge {
		c.remove(n)
		return nil, false
	}
	c.latest.MoveToFront(place)
	return kept, now.Sub(c.confirmedAt) < nearAge
}

// confirm reads the generation. If it is another one, nothing is kept any more.
func (c *nearCache) confirm(ctx context.Context) error {
	_, err := c.checks.do(ctx, struct{}{}, func(ctx context.Context) (none struct{}, err error) {
		at := time.Now()
		generation, err := c.cache.Generation(ctx)
		if err != nil {
			return none, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if generation != c.generation {
			c.clear()
			c.generation = generation
		}
		c.confirmedAt = at
		return none, nil
	})
	return err
}

// keep keeps a summary that was read when the generation was known to be the given
// one: a generation never comes back, so the summary is of that or of a later one.
// The very first is not kept, for want of a generation.
func (c *nearCache) keep(ctx context.Context, read *nearSummary, generation string) {
	switch {
	case c.capacity == 0:
		return
	case generation == "":
		_ = c.confirm(ctx) // or the next time
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation {
		return
	}
	c.followEvents() // those until now are not about this summary
	c.remove(read.Index)
	c.byIndex[read.Index] = c.latest.PushFront(read)
	c.size += read.size()
	for c.size > c.capacity {
		c.remove(c.latest.Back().Value.(*nearSummary).Index)
	}
}

// forget removes the summaries of indices whose values are missing in the
// ValueCache, or may be.
func (c *nearCache) forget(indices ...Index) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range indices {
		c.remove(n)
	}
}

// followEvents removes the summaries of indices that are calculated again, so that
// all processes soon tell the same time of calculation; c.mu is held.
func (c *nearCache) followEvents() {
	if c.events == nil {
		c.events = c.watch()
	}
	for {
		select {
		case <-c.events.Ready():
		default:
			return
		}
		e, open := c.events.Next()
		if !open { // events may be missing
			c.events = c.watch()
			c.clear()
			return
		}
		if e.Kind != EventSeen {
			c.remove(e.Index)
		}
	}
}

// remove removes the summary of n, if there is one; c.mu is held.
func (c *nearCache) remove(n Index) {
	place, found := c.byIndex[n]
	if !found {
		return
	}
	c.size -= c.latest.Remove(place).(*nearSummary).size()
	delete(c.byIndex, n)
}

// clear removes all summaries; c.mu is held.
func (c *nearCache) clear() {
	clear(c.byIndex)
	c.latest.Init()
	c.size = 0
}

// Kept returns the status of an index whose summary is kept in memory, as Status
// would. It returns false if none is kept; call Status then.
func (s *Service) Kept(ctx context.Context, n Index) (Status, bool) {
	kept := s.near.kept(ctx, n)
	if kept == nil {
		return Status{}, false
	}
	return kept.status(), true
}

// status returns the status of the index.
func (s *nearSummary) status() Status {
	return Status{Index: s.Index, State: StateCalculated, Summary: &s.Summary, near: s}
}

// EncodedSummary returns Summary in an encoded form, which the caller must not
// modify. However many statuses share a Summary that is kept in memory, encode is
// called once for it: all callers must pass the same function.
func (s Status) EncodedSummary(encode func(Summary) []byte) []byte {
	if s.near == nil {
		return encode(*s.Summary)
	}
	s.near.encode.Do(func() { s.near.encoded = encode(s.near.Summary) })
	return s.near.encoded
}
