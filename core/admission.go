package core

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// DefaultMaxBacklog is the backlog that a service accepts by default.
const DefaultMaxBacklog = 10 * time.Minute

// noSubmitter is the submitter of tasks that the Reconciler enqueues. They were
// admitted when they were submitted and are not subject to admission again.
const noSubmitter = ""

// usage is an amount of work, as the time that one worker needs for it.
type usage struct {
	all time.Duration // of all submitters
	own time.Duration // of the submitter that asks for admission

	ownShort time.Duration // the part of own that is in LaneShort
}

// verdict is the outcome of admission.
type verdict int

const (
	admitted   verdict = iota
	overloaded         // refused for now: too much work of all submitters waits
	overShare          // refused for now: too much work of this submitter waits
	tooLarge           // refused for good: the submission is larger than any share
)

// decide is the rule of admission: a submitter may have as much work waiting as
// it leaves free for others. docs/decisions/0400-admission.md has the reasons.
//
// queued is the work in the queue, inFlight the work that was admitted and may
// not be in the queue yet, and tasks are those tasks of the submission that are
// neither, the only ones that are charged. bound is the largest backlog. With
// overloaded and overShare, wait is how long one worker takes until they fit.
//
// Into an empty backlog a single task is admitted whatever its cost, so that no
// index is refused forever. Several tasks that exceed half the bound together
// are too large: no wait would help.
func decide(queued, inFlight usage, tasks []Task, bound time.Duration) (v verdict, wait time.Duration) {
	cost := costOf(tasks)
	all, own := queued.all+inFlight.all, queued.own+inFlight.own
	free := bound - all - cost   // what is left for others
	missing := own + cost - free // how much less would have to wait
	switch {
	case len(tasks) == 0, missing <= 0, all == 0 && len(tasks) == 1:
		return admitted, 0
	case len(tasks) > 1 && 2*cost > bound:
		return tooLarge, 0
	case own > 0 && free >= 0:
		return overShare, min(missing, all)
	}
	return overloaded, min(missing, all)
}

// admission applies the rule to the backlog of the queue and to the
// reservations of this process.
type admission struct {
	queue        WorkQueue
	workers      WorkerRegistry
	last         lastBacklog
	calculator   Calculator
	bound        time.Duration
	reservations *reservations
	log          *slog.Logger
}

func newAdmission(ports Ports, limits Limits, log *slog.Logger) *admission {
	bound := limits.MaxBacklog
	if bound == 0 {
		bound = DefaultMaxBacklog
	}
	return &admission{
		queue:        ports.Queue,
		workers:      ports.Workers,
		calculator:   ports.Calculator,
		bound:        bound,
		reservations: newReservations(),
		log:          log,
	}
}

// open opens a reservation for a submission that begins. It begins to read the
// backlog, unless that was read just now, and does not wait for it. The caller must
// release the reservation once its tasks are in the queue or abandoned.
func (a *admission) open(ctx context.Context, submitter string) *reservation {
	r := a.reservations.open(submitter)
	if r.reading == nil {
		a.read(ctx, r)
	}
	return r
}

// release ends a reservation. The work that it admitted is in the queue, or left to
// the Reconciler. Released again, a reservation does nothing.
func (a *admission) release(r *reservation) {
	if r.released {
		return
	}
	a.last.add(r.submitter, r.cost) // first, or an estimate could miss it
	r.release()
}

// reserve admits the tasks of a submission and assigns their lanes. If it refuses, it refuses all of them,
// with KindOverloaded or KindTooLarge. It decides by an estimate of the backlog if
// the queue can't be read, or not before errLookupTimeout ends ctx: a submission
// does not depend on it. If ctx ends for another reason, its caller has left, and
// nothing is admitted.
func (a *admission) reserve(ctx context.Context, r *reservation, tasks []Task) error {
	if len(tasks) == 0 {
		return nil
	}
	r.tasks = tasks
	queued, estimated, err := a.await(ctx, r)
	if err != nil {
		return err
	}
	decided, v, wait := r.tryCommit(queued, nil, a.bound)
	if v != admitted && r.shared {
		a.read(ctx, r)
		if queued, estimated, err = a.await(ctx, r); err != nil {
			return err
		}
		decided, v, wait = r.tryCommit(queued, nil, a.bound)
	}
	if v != admitted && !estimated {
		// Only now is it worth a round trip to find the tasks that are queued.
		if free, err := a.free(ctx, tasks); err == nil {
			decided, v, wait = r.tryCommit(queued, free, a.bound)
		}
	}
	if v != admitted {
		_, speed := speedOf(liveWorkers(ctx, a.workers))
		return a.refusal(v, atSpeed(wait, speed), decided)
	}
	return nil
}

// free returns the indices of the tasks that are not charged: those known to be in
// the queue, except in LaneRecovery.
func (a *admission) free(ctx context.Context, tasks []Task) (map[Index]bool, error) {
	jobs, err := a.queue.Jobs(ctx, indicesOf(tasks)...)
	if err != nil {
		return nil, err
	}
	free := make(map[Index]bool)
	for n, job := range jobs {
		free[n] = !job.Unknown && (job.Lane != LaneRecovery || job.Claimed)
	}
	return free, nil
}

// refusal returns the error for tasks that were not admitted.
func (a *admission) refusal(v verdict, wait time.Duration, tasks []Task) error {
	var message string
	switch v {
	case tooLarge:
		return a.tooLarge(tasks)
	case overShare:
		message = "What you submitted before is still waiting to be calculated. Submit again in about %s."
	default:
		message = "Too much is waiting to be calculated. Submit again in about %s."
	}
	return &Error{Kind: KindOverloaded, Message: fmt.Sprintf(message, inWords(wait)), Wait: wait}
}

// tooLarge returns the error for a batch that will not fit however long it waits.
func (a *admission) tooLarge(tasks []Task) error {
	whole := Estimate{Duration: costOf(tasks)}
	for _, t := range tasks {
		e := a.calculator.Estimate(t.Index)
		whole.Digits += e.Digits
		whole.Bytes = max(whole.Bytes, e.Bytes)
	}
	return &Error{
		Kind:  KindTooLarge,
		Field: "index",
		Message: fmt.Sprintf("Together these %d indices take about %s, more than is accepted at once. Submit fewer at a time.",
			len(tasks), inWords(whole.Duration)),
		Estimate: &whole,
	}
}

// inWords returns d in its largest suitable unit, rounded up, such as
// "2 minutes".
func inWords(d time.Duration) string {
	unit, name := time.Second, "second"
	switch {
	case d > 2*time.Hour:
		unit, name = time.Hour, "hour"
	case d > 2*time.Minute:
		unit, name = time.Minute, "minute"
	}
	count := max(1, (d+unit-1)/unit)
	if count > 1 {
		name += "s"
	}
	return fmt.Sprintf("%d %s", count, name)
}
