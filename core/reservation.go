package core

import (
	"sync"
	"time"
)

// reservations counts the work that this process has admitted and not enqueued
// yet, so that submissions which read the same backlog do not all take the same
// room. Every process counts for itself: together they may exceed the bound by
// what they admit within the milliseconds between reading and enqueuing.
type reservations struct {
	mu          sync.Mutex
	total       counter
	bySubmitter map[string]*counter // of submitters with an open reservation
	inFlight    map[Index]int       // number of committed reservations
}

// counter sums the costs of reservations since the process began. Work that is
// committed and not released is in flight.
type counter struct {
	committed, released time.Duration
	open                int // reservations opened and not released
}

// reservation is the room that one submission takes: it is opened before the
// backlog is read, committed if the submission is admitted, and released once
// the tasks are in the queue or given up.
type reservation struct {
	*reservations
	submitter string
	own       *counter
	tasks     []Task
	cost      time.Duration // of the tasks that need room
	committed bool

	// releasedBefore is the work that was released before the reservation was
	// opened: the backlog includes it, or it is done. The backlog may not include
	// work that was released since, which therefore counts as in flight.
	releasedBefore usage
}

func newReservations() *reservations {
	return &reservations{bySubmitter: make(map[string]*counter), inFlight: make(map[Index]int)}
}

func (rs *reservations) open(submitter string, tasks []Task) *reservation {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	own := rs.bySubmitter[submitter]
	if own == nil {
		own = new(counter)
		rs.bySubmitter[submitter] = own
	}
	own.open++
	return &reservation{
		reservations:   rs,
		submitter:      submitter,
		own:            own,
		tasks:          tasks,
		releasedBefore: usage{all: rs.total.released, own: own.released},
	}
}

// tryCommit decides about those of the tasks that are not in flight, and
// commits the reservation if they are admitted. It returns them with the
// decision.
func (r *reservation) tryCommit(queued usage, tasks []Task, bound time.Duration) (decided []Task, v verdict, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range tasks {
		if r.inFlight[t.Index] == 0 {
			decided = append(decided, t)
		}
	}
	inFlight := usage{
		all: r.total.committed - r.releasedBefore.all,
		own: r.own.committed - r.releasedBefore.own,
	}
	v, wait = decide(queued, inFlight, decided, bound)
	if v == admitted {
		r.commitLocked(decided)
	}
	return decided, v, wait
}

// commit commits the reservation without a decision.
func (r *reservation) commit(tasks []Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.commitLocked(tasks)
}

// commitLocked counts all tasks of the reservation as in flight and takes room
// for the given ones. r.mu must be held.
func (r *reservation) commitLocked(tasks []Task) {
	r.cost = costOf(tasks)
	r.total.committed += r.cost
	r.own.committed += r.cost
	for _, t := range r.tasks {
		r.inFlight[t.Index]++
	}
	r.committed = true
}

// release ends the reservation, committed or not.
func (r *reservation) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total.released += r.cost
	r.own.released += r.cost
	if r.own.open--; r.own.open == 0 {
		delete(r.bySubmitter, r.submitter)
	}
	if !r.committed {
		return
	}
	for _, t := range r.tasks {
		if r.inFlight[t.Index]--; r.inFlight[t.Index] == 0 {
			delete(r.inFlight, t.Index)
		}
	}
}
