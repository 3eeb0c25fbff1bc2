package core

import (
	"sync"
	"time"
)

// reservations counts the work that this process has admitted and not enqueued
// yet, so that submissions which read the same backlog do not all take the same
// part of it. Every process counts for itself: together they may exceed the
// bound by what they admit between reading the backlog and enqueuing.
type reservations struct {
	mu          sync.Mutex
	total       counter
	bySubmitter map[string]*counter // of submitters with an open reservation or a recent reading
	swept       time.Time           // when those with neither were last removed
	inFlight    map[Index]int       // number of committed reservations
}

// counter sums the costs of reservations since it was created. Work that is
// committed and not released is in flight.
type counter struct {
	committed, released           time.Duration
	committedShort, releasedShort time.Duration // the part in LaneShort

	open     int      // reservations opened and not released
	latest   *reading // of the backlog; nil before the first has succeeded
	underWay int      // readings that have begun and not ended
}

// reservation is what one submission takes of the bound: it is opened when the
// submission begins, committed if it is admitted, and released once its tasks are
// in the queue or abandoned. One goroutine uses it.
type reservation struct {
	*reservations
	submitter string
	own       *counter
	reading   *reading // of the backlog that decides
	shared    bool     // an earlier reservation has begun the reading

	tasks     []Task        // in flight while committed
	cost      time.Duration // of those that are charged
	short     time.Duration // the part of cost in LaneShort
	committed bool
	released  bool
}

func newReservations() *reservations {
	return &reservations{bySubmitter: make(map[string]*counter), inFlight: make(map[Index]int)}
}

// open opens a reservation for a submitter, which the caller must release. It has
// a reading if there is a recent one, or one that was recent until just now and is
// being replaced.
func (rs *reservations) open(submitter string) *reservation {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.sweep()
	own := rs.bySubmitter[submitter]
	if own == nil {
		own = new(counter)
		rs.bySubmitter[submitter] = own
	}
	own.open++
	r := &reservation{reservations: rs, submitter: submitter, own: own}
	if own.latest.isWithin(readingAge) || own.underWay > 0 && own.latest.isWithin(2*readingAge) {
		r.reading, r.shared = own.latest, true
	}
	return r
}

// sweep removes the counters that are no longer needed, if it did not do so just
// now. rs.mu must be held.
func (rs *reservations) sweep() {
	if time.Since(rs.swept) < readingAge {
		return
	}
	rs.swept = time.Now()
	for submitter, own := range rs.bySubmitter {
		if own.open == 0 && !own.latest.isWithin(readingAge) {
			delete(rs.bySubmitter, submitter)
		}
	}
}

// tryCommit assigns the lanes of the tasks, decides by the backlog as read about
// those that are neither free nor in flight, and commits the reservation if they are
// admitted. It returns them with the decision.
func (r *reservation) tryCommit(queued usage, free map[Index]bool, bound time.Duration) (decided []Task, v verdict, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	inFlight := usage{
		all:      r.total.committed - r.reading.releasedBefore.all,
		own:      r.own.committed - r.reading.releasedBefore.own,
		ownShort: r.own.committedShort - r.reading.releasedBefore.ownShort,
	}
	assignLanes(r.tasks, queued.ownShort+inFlight.ownShort)
	for _, t := range r.tasks {
		if r.inFlight[t.Index] == 0 && !free[t.Index] {
			decided = append(decided, t)
		}
	}
	v, wait = decide(queued, inFlight, decided, bound)
	if v == admitted {
		r.commit(decided)
	}
	return decided, v, wait
}

// commit counts all tasks of the reservation as in flight and charges the given
// ones. r.mu must be held.
func (r *reservation) commit(tasks []Task) {
	r.cost, r.short = costOf(tasks), shortCostOf(tasks)
	r.total.committed += r.cost
	r.own.committed += r.cost
	r.own.committedShort += r.short
	for _, t := range r.tasks {
		r.inFlight[t.Index]++
	}
	r.committed = true
}

// release ends the reservation, committed or not. It is called once.
func (r *reservation) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.released = true
	r.total.released += r.cost
	r.own.released += r.cost
	r.own.releasedShort += r.short
	r.own.open--
	if !r.committed {
		return
	}
	for _, t := range r.tasks {
		if r.inFlight[t.Index]--; r.inFlight[t.Index] == 0 {
			delete(r.inFlight, t.Index)
		}
	}
}
