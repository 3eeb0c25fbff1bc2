package core

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// DefaultMaxBacklog is how much work may wait unless told otherwise.
const DefaultMaxBacklog = 10 * time.Minute

// noSubmitter stands for the service itself, which puts work back into the queue.
const noSubmitter = ""

// admission bounds the work that waits, and what one submitter has of it: by what
// is in the queue and, since admitting and queueing are not one step, by what
// is on its way there from this process. Other processes do the same, so the
// bound may be exceeded by what is on its way from them at one moment.
//
// The rule is that a submitter may have as much waiting as it leaves free for
// others. The reasons are in docs/decisions/0400-admission.md.
type admission struct {
	queue      WorkQueue
	calculator Calculator
	max        time.Duration
	log        *slog.Logger

	mu         sync.Mutex
	all        usage
	submitters map[string]*usage // of those that are being served
	inFlight   map[Index]int     // by how many submissions
}

// usage counts costs since the process began. What is admitted and not yet
// queued is on its way.
type usage struct {
	admitted, queued time.Duration
	serving          int // submissions of the submitter
}

func newAdmission(ports Ports, limits Limits, log *slog.Logger) *admission {
	most := limits.MaxBacklog
	if most == 0 {
		most = DefaultMaxBacklog
	}
	return &admission{
		queue:      ports.Queue,
		calculator: ports.Calculator,
		max:        most,
		log:        log,
		submitters: make(map[string]*usage),
		inFlight:   make(map[Index]int),
	}
}

// admit lets the tasks of a submission in and returns a function to be called
// when they are in the queue or will not be; or it refuses all of them, with
// KindOverloaded and the wait, or KindTooLarge if waiting would not help. What
// is in the queue already, or on its way, is let in for nothing. A queue that
// can't be read refuses nobody.
func (a *admission) admit(ctx context.Context, submitter string, tasks []Task) (done func(), err error) {
	if len(tasks) == 0 {
		return func() {}, nil
	}
	r := a.reserve(submitter, tasks)
	defer func() {
		if err != nil {
			r.release()
		}
	}()
	backlog, err := a.queue.Backlog(ctx, submitter)
	if err != nil {
		a.log.WarnContext(ctx, "backlog not read; admitted without a look at it", "error", err)
		r.commit(r.tasks)
		return r.release, nil
	}
	if err = r.tryCommit(backlog, tasks); err == nil {
		return r.release, nil
	}
	if tasks, unread := a.unqueued(ctx, tasks); unread == nil {
		err = r.tryCommit(backlog, tasks)
	}
	return r.release, err
}

// unqueued returns those of the tasks that are not in the queue.
func (a *admission) unqueued(ctx context.Context, tasks []Task) ([]Task, error) {
	jobs, err := a.queue.Jobs(ctx, indicesOf(tasks)...)
	if err != nil {
		return nil, err
	}
	var fresh []Task
	for _, t := range tasks {
		if _, there := jobs[t.Index]; !there {
			fresh = append(fresh, t)
		}
	}
	return fresh, nil
}

// reservation is a submission on its way through admission.
type reservation struct {
	*admission
	submitter string
	own       *usage
	tasks     []Task
	charged   time.Duration // what it is charged for
	committed bool          // it was let in

	// What had been queued when the reservation was opened. What was queued since may or
	// may not be in the backlog as it was read: it is counted as on its way, so
	// that nothing is forgotten.
	queuedAll, queuedOwn time.Duration
}

func (a *admission) reserve(submitter string, tasks []Task) *reservation {
	a.mu.Lock()
	defer a.mu.Unlock()
	own := a.submitters[submitter]
	if own == nil {
		own = new(usage)
		a.submitters[submitter] = own
	}
	own.serving++
	return &reservation{admission: a, submitter: submitter, own: own, tasks: tasks, queuedAll: a.all.queued, queuedOwn: own.queued}
}

// tryCommit lets the submission in if there is room for the tasks that have to
// be paid for.
func (r *reservation) tryCommit(backlog Backlog, tasks []Task) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var fresh []Task
	var cost time.Duration
	for _, t := range tasks {
		if r.inFlight[t.Index] == 0 {
			fresh = append(fresh, t)
			cost += t.Cost
		}
	}
	all := backlog.All + r.all.admitted - r.queuedAll
	own := backlog.Own + r.own.admitted - r.queuedOwn
	alone := all == 0 && len(fresh) == 1 // nothing is impossible for ever
	lacking := (own + cost) - (r.max - all - cost)
	switch {
	case cost == 0 || alone || lacking <= 0:
		r.commitLocked(fresh)
		return nil
	case len(fresh) > 1 && 2*cost > r.max:
		return r.tooMany(fresh, cost)
	}
	wait := min(lacking, all)
	message := "Too much is waiting to be calculated. Submit again in about %s."
	if own > 0 && all+cost <= r.max {
		message = "What you submitted before is still waiting to be calculated. Submit again in about %s."
	}
	return &Error{Kind: KindOverloaded, Message: fmt.Sprintf(message, inWords(wait)), Wait: wait}
}

func (r *reservation) commit(charged []Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.commitLocked(charged)
}

func (r *reservation) commitLocked(charged []Task) {
	for _, t := range charged {
		r.charged += t.Cost
	}
	r.all.admitted += r.charged
	r.own.admitted += r.charged
	for _, t := range r.tasks {
		r.inFlight[t.Index]++
	}
	r.committed = true
}

// release ends the reservation: what was let in is in the queue, or given up.
func (r *reservation) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all.queued += r.charged
	r.own.queued += r.charged
	if r.own.serving--; r.own.serving == 0 {
		delete(r.submitters, r.submitter)
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

// tooMany refuses a batch for which there will never be room.
func (r *reservation) tooMany(tasks []Task, cost time.Duration) error {
	var whole Estimate
	for _, t := range tasks {
		e := r.calculator.Estimate(t.Index)
		whole.Digits += e.Digits
		whole.Bytes = max(whole.Bytes, e.Bytes)
	}
	whole.Duration = cost
	return &Error{
		Kind:     KindTooLarge,
		Field:    "index",
		Message:  fmt.Sprintf("Together these %d indices take about %s, more than is accepted at once. Submit fewer at a time.", len(tasks), inWords(cost)),
		Estimate: &whole,
	}
}

// inWords returns a duration as people say it, rounded up.
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
