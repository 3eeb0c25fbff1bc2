package core

import (
	"context"
	"errors"
	"time"
)

// WorkQueue is the port to the tasks that wait for a worker. An index is in
// the queue at most once, waiting or claimed. A task is delivered at least
// once: it is leased to the worker that claims it, and delivered again if the
// lease expires before the task is acknowledged or the lease renewed. How long
// a lease lasts is configured where the queue is made. A lease that ends later
// than one that starts now, because the clock was set back, starts again when
// the queue is next looked into. The queue may be lost as a whole, claims and
// backlog included.
//
// All methods are safe for concurrent use by any number of processes. If the
// queue can't be reached, the error's kind is KindUnavailable; if ctx is
// cancelled, KindCanceled. A call that fails may have taken effect, in part or
// as a whole. A call with nothing to do returns nothing and no error.
type WorkQueue interface {
	// Enqueue takes one task after the other. It adds those whose indices are not
	// in the queue, waiting or claimed, each at the end of its lane. A task whose
	// index waits in a later lane takes the place of the waiting one: the index
	// moves to the end of the earlier lane, with the new cost and submitter. One
	// that is claimed, or has a delivery that counts, stays where it is. Enqueue
	// returns how many tasks it added or moved, or fewer if a connection broke
	// meanwhile.
	//
	// The tasks of a lane are delivered in the order in which they were added. A
	// queue that is spread over several servers may consist of parts that each keep
	// their order. Until it is acknowledged a task counts in the backlog, as work of
	// the submitter, who is named by any text.
	Enqueue(ctx context.Context, submitter string, tasks ...Task) (added int, err error)

	// Backlog returns how much is in the queue, waiting or claimed, for all
	// submitters and for the given one, and in LaneRecovery. It is zero when the
	// queue is empty or lost. Its cost does not grow with the queue. Parts of the
	// queue that can't be reached do not count; it fails only if it reaches none.
	Backlog(ctx context.Context, submitter string) (Backlog, error)

	// Claim leases tasks to the caller and returns them in the order of their
	// delivery. All are of one lane, the first of those in the limit that has
	// something to claim: first those that were released or whose leases have
	// expired, then those that wait longest. It takes as many as the limit allows,
	// and at least one if there is one. It does not wait: an empty result without an
	// error means that there is nothing to claim at present. No task is leased to
	// two callers at a time. If ctx is cancelled before the call, nothing is leased.
	Claim(ctx context.Context, limit ClaimLimit) ([]Claim, error)

	// Ready returns a channel that is closed as soon as there may be something
	// to claim that there was not when Ready was called: a process has enqueued or
	// released tasks, or a lease has expired. It may be closed without a reason,
	// and is never left open with one. To wait for work, call Ready, then Claim,
	// and receive from the channel if there was nothing to claim.
	Ready() <-chan struct{}

	// Renew restarts leases, stores the progress of the calculations, and
	// returns the claims that are lost, in the order given. A claim is lost once
	// its task was delivered again, acknowledged, released, or lost with the
	// queue; one whose lease has merely expired is renewed.
	Renew(ctx context.Context, renewals ...Renewal) (lost []Claim, err error)

	// Acknowledge removes tasks from the queue: they are done. A claim that is
	// lost because its lease expired and its task was delivered again is taken off
	// the count of deliveries, once: its worker is alive. It changes nothing else.
	// Any other claim that is lost is ignored.
	Acknowledge(ctx context.Context, claims ...Claim) error

	// Release hands tasks back. They can be claimed at once, and the delivery
	// does not count. It treats claims that are lost as Acknowledge does.
	Release(ctx context.Context, claims ...Claim) error

	// Jobs returns those of the indices that are in the queue. An index that belongs
	// to a part of the queue that can't be reached has a Job that is Unknown. Jobs
	// fails only if it reaches none of the parts that the indices belong to: what it
	// returns of a single index is known.
	Jobs(ctx context.Context, indices ...Index) (map[Index]Job, error)

	// Ping returns nil if the queue can do its work: it is reached and takes
	// writes. It is cheap and leaves nothing behind that counts. If some parts of
	// the queue can do their work and others can't, the error wraps ErrPartlyAway.
	Ping(ctx context.Context) error
}

// ErrPartlyAway is wrapped by errors of a WorkQueue on several servers that
// concern some of them: the others may do their work.
var ErrPartlyAway = errors.New("a part of the queue is away")

// Task is an index to be calculated.
type Task struct {
	Index Index
	Cost  time.Duration // time that a worker will need for it, kept to the microsecond
	Lane  Lane          // one of Lanes
}

// Backlog is the work that is in a WorkQueue. The tasks of LaneRecovery, which no
// user waits for, are counted apart.
type Backlog struct {
	Tasks int           // number of tasks, without those of LaneRecovery
	All   time.Duration // sum of their costs
	Own   time.Duration // sum of the costs of those of one submitter

	OwnShort time.Duration // the part of Own that is in LaneShort

	RecoveryTasks int           // number of tasks of LaneRecovery
	Recovery      time.Duration // sum of their costs
}

// ClaimLimit bounds what one call of Claim takes.
type ClaimLimit struct {
	Count int           // number of tasks; less than 1 is taken for 1
	Cost  time.Duration // sum of their costs, which a first task may exceed; 0: no bound
	Lanes []Lane        // to claim from, the preferred one first; none: all, in their order
}

// Order returns the lanes to claim from, in the order of preference.
func (l ClaimLimit) Order() []Lane {
	if len(l.Lanes) == 0 {
		return Lanes[:]
	}
	return l.Lanes
}

// Claim is one delivery of a task to a worker.
type Claim struct {
	Index    Index
	Cost     time.Duration // of the task
	Lane     Lane          // of the task
	Delivery int           // how often the task has been delivered, this time included
	Token    string        // tells this delivery of the index from all others
	Lease    time.Duration // time from the claim, or its last renewal, until it expires
}

// Renewal is a claim to be renewed.
type Renewal struct {
	Claim    Claim
	Progress float64 // of the calculation, 0 to 1
}

// Job is an index that is in a WorkQueue.
type Job struct {
	Unknown    bool    // the part of the queue can't be reached; the index may not be in it
	Claimed    bool    // a worker holds a lease that has not expired
	Deliveries int     // that count: all but those that were released
	Progress   float64 // as last renewed, 0 to 1
	Lane       Lane
}
