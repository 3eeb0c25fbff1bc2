package core

import (
	"sync"
	"time"
)

// lastBacklog estimates the backlog while the queue can't be read, because it is
// away or too slow: the backlog as last read, plus what this process admitted
// since, less what one worker has done in the meantime. Admission thus keeps its
// bound without a queue, and submissions go on.
//
// What other processes admit in the meantime is not known.
type lastBacklog struct {
	mu  sync.Mutex
	at  time.Time                // when all was computed
	all time.Duration            // then
	by  map[string]time.Duration // of submitters that were admitted since the last reading, and the one it was for
}

// set notes the backlog as read for a submitter.
func (l *lastBacklog) set(submitter string, queued usage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at, l.all = time.Now(), queued.all
	l.by = map[string]time.Duration{submitter: queued.own}
}

// add notes work that was admitted and is no longer in flight.
func (l *lastBacklog) add(submitter string, cost time.Duration) {
	if cost == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.by == nil {
		l.by = make(map[string]time.Duration)
	}
	l.advance()
	l.all += cost
	l.by[submitter] += cost
}

// estimate returns the backlog as it is by now. All work of the submitter may be in
// LaneShort.
func (l *lastBacklog) estimate(submitter string) usage {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.advance()
	own := min(l.by[submitter], l.all)
	return usage{l.all, own, own}
}

// advance takes away what was done since the last computation, in equal parts of
// the work of all submitters; l.mu is held.
func (l *lastBacklog) advance() {
	before := l.all
	l.all = max(l.all-time.Since(l.at), 0)
	l.at = time.Now()
	for submitter, own := range l.by {
		if own = time.Duration(float64(own) * float64(l.all) / float64(max(before, 1))); own < time.Millisecond {
			delete(l.by, submitter)
		} else {
			l.by[submitter] = own
		}
	}
}
