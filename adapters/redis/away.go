package redis

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

const (
	// awayPeriod is how often a partition that could not be reached is tried again.
	awayPeriod = time.Second
	// gracePeriod is how long nothing is claimed from a partition that is reached
	// again: its leases may have expired meanwhile, and workers that live renew
	// theirs at least once a second.
	gracePeriod = 2 * time.Second
)

var (
	// errAway is the error for a partition that could not be reached a moment ago.
	errAway error = core.WrapError(core.KindUnavailable, "A part of Redis can't be reached at the moment.", core.ErrPartlyAway)
	// errAllAway is the error if nothing is claimed from any partition.
	errAllAway error = core.NewError(core.KindUnavailable, "Redis can't be reached at the moment, or is reached again for less than two seconds.")
)

// absence is what is known of a partition that could not be reached.
type absence int

const (
	suspected absence = iota + 1 // it did not answer before its caller's deadline
	away                         // it can't be reached
	returned                     // it is reached again, for less than gracePeriod
)

// absences are those of the partitions that are not simply there. The zero value
// is empty.
type absences struct {
	mu  sync.Mutex
	all map[partition]absence
}

// note notes an absence, and reports whether there was none. That a partition is
// suspected changes nothing if there was one.
func (s *absences) note(p partition, a absence) (first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.all[p]
	if s.all == nil {
		s.all = make(map[partition]absence)
	}
	if a != suspected || !known {
		s.all[p] = a
	}
	return !known
}

// end ends an absence, and reports whether it did: whether it is still a.
func (s *absences) end(p partition, a absence) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[p] != a {
		return false
	}
	delete(s.all, p)
	return true
}

func (s *absences) of(p partition) absence {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[p]
}

// without returns the partitions of which none of the given absences is known.
func (s *absences) without(all []partition, absent ...absence) []partition {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(all), func(p partition) bool { return slices.Contains(absent, s.all[p]) })
}

// reachable returns the partitions that are not known to be away, or all of them
// if none is left.
func (c *Client) reachable() []partition {
	if left := c.absences.without(c.partitions, away); len(left) > 0 {
		return left
	}
	return c.partitions
}

// claimable returns the partitions of which tasks may be claimed.
func (c *Client) claimable() []partition { return c.absences.without(c.partitions, away, returned) }

// isAway reports whether a partition is known to be away.
func (c *Client) isAway(p partition) bool { return c.absences.of(p) == away }

// leaveOut has a partition of a Cluster left out whose call with ctx failed with
// err, if that tells that it can't be reached, until it can: each attempt may take
// seconds. If ctx has ended, the partition is first asked whether it is away. It
// reports whether the others are to be tried.
func (c *Client) leaveOut(ctx context.Context, p partition, err error) bool {
	if core.KindOf(err) != core.KindUnavailable || len(c.partitions) == 1 {
		return false
	}
	a := away
	if ctx.Err() != nil {
		a = suspected
	}
	if c.absences.note(p, a) {
		c.all.Go(func() { c.awaitReturn(p) })
	}
	return true
}

// awaitReturn returns when the absence of a partition has ended, and gracePeriod
// has passed since if it was away.
func (c *Client) awaitReturn(p partition) {
	for c.ctx.Err() == nil {
		if c.isAway(p) {
			pause(c.ctx, awayPeriod)
		}
		switch {
		case !c.reaches(p):
			c.absences.note(p, away)
		case c.absences.end(p, suspected):
			return
		default:
			c.absences.note(p, returned)
			pause(c.ctx, gracePeriod)
			if c.absences.end(p, returned) {
				return
			}
		}
	}
}

// reaches reports whether a partition takes writes within ioTimeout, as Ping does.
func (c *Client) reaches(p partition) bool {
	ctx, cancel := context.WithTimeout(c.ctx, ioTimeout)
	defer cancel()
	return c.rdb.SetRange(ctx, p.probe(), 0, "").Err() == nil
}
