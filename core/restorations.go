package core

import (
	"sync"
	"time"
)

const (
	// minRestoreDelay and maxRestoreDelay bound the time between two restores of
	// an index, from the second one on.
	minRestoreDelay = 2 * time.Second
	maxRestoreDelay = time.Minute
	// restoreMemory is how long a restore counts.
	restoreMemory = 10 * time.Minute
	// maxRestorations bounds the indices of each of the two generations of
	// restorations.
	maxRestorations = 5000
)

// restorations space out the restores of one index, which this process makes for
// its readers: a cache that loses a value soon after it is stored would otherwise
// have it calculated without end. The second restore may follow the first
// immediately; before the third are 2 seconds, then twice as many each time, up
// to a minute.
//
// The restores of the latest 5,000 to 10,000 indices are remembered.
type restorations struct {
	mu             sync.Mutex
	current, older map[Index]restoration
}

// restoration is the latest restore of an index.
type restoration struct {
	revision int64 // of the record before it was reopened
	at       time.Time
	delay    time.Duration // until the next
}

// restores reports whether the restore is that of the loss which a record was found
// with: concurrent readers have it restored together. It is so for a while only.
// Revisions begin again when a record is deleted and its index submitted again, and
// go back when the store loses what it has committed.
func (r restoration) restores(record Record) bool {
	return r.revision >= record.Revision && time.Since(r.at) < maxRestoreDelay
}

// check reports whether the loss of the value is restored already: then the
// record was read before it was reopened. If it is not, wait is the time until it
// may be.
func (rs *restorations) check(record Record) (restored bool, wait time.Duration) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	latest := rs.latest(record.Index)
	if latest.restores(record) {
		return true, 0
	}
	return false, max(latest.delay-time.Since(latest.at), 0)
}

// note notes that the loss of the value is restored.
func (rs *restorations) note(record Record) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	latest := rs.latest(record.Index)
	if latest.restores(record) {
		return
	}
	next := restoration{revision: record.Revision, at: time.Now()}
	if !latest.at.IsZero() && time.Since(latest.at) < restoreMemory {
		next.delay = min(max(2*latest.delay, minRestoreDelay), maxRestoreDelay)
	}
	if len(rs.current) >= maxRestorations {
		rs.current, rs.older = nil, rs.current
	}
	if rs.current == nil {
		rs.current = make(map[Index]restoration)
	}
	rs.current[record.Index] = next
}

// latest returns the latest restore of n, zero if there was none; rs.mu is held.
func (rs *restorations) latest(n Index) restoration {
	if r, found := rs.current[n]; found {
		return r
	}
	return rs.older[n]
}
