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

const (
	// taskOverhead is what an index costs beside its calculation: a million
	// tiny ones are much work, too.
	taskOverhead = 5 * time.Millisecond
	// maxTaskCost keeps sums of costs far from overflow.
	maxTaskCost = 24 * time.Hour
)

// nobody asked for what is put back to work.
const nobody = ""

// admission bounds the work that waits, and what one client has of it: by what
// is in the queue and, since admitting and queueing are not one step, by what
// is on its way there from this process. Other processes do the same, so the
// bound may be exceeded by what is on its way from them at one moment.
//
// The rule is that a client may have as much waiting as it leaves free for
// others. The reasons are in docs/decisions/0400-admission.md.
type admission struct {
	queue      WorkQueue
	calculator Calculator
	max        time.Duration
	log        *slog.Logger

	mu      sync.Mutex
	all     tab
	clients map[string]*tab // of those that are being served
	onWay   map[Index]int   // by how many submissions
}

// tab counts costs since the process began. What is admitted and not yet
// queued is on its way.
type tab struct {
	admitted, queued time.Duration
	serving          int // submissions of the client
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
		clients:    make(map[string]*tab),
		onWay:      make(map[Index]int),
	}
}

// tasksOf returns what has to be done for the indices.
func tasksOf(calculator Calculator, indices []Index) []Task {
	tasks := make([]Task, len(indices))
	for i, n := range indices {
		tasks[i] = Task{Index: n, Cost: taskOverhead + min(calculator.Estimate(n).Duration, maxTaskCost)}
	}
	return tasks
}

func indicesOf(tasks []Task) []Index {
	indices := make([]Index, len(tasks))
	for i, t := range tasks {
		indices[i] = t.Index
	}
	return indices
}

// admit lets the tasks of a submission in and returns a function to be called
// when they are in the queue or will not be; or it refuses all of them, with
// KindOverloaded and the wait, or KindTooLarge if waiting would not help. What
// is in the queue already, or on its way, is let in for nothing. A queue that
// can't be read refuses nobody.
func (a *admission) admit(ctx context.Context, client string, tasks []Task) (done func(), err error) {
	if len(tasks) == 0 {
		return func() {}, nil
	}
	v := a.enter(client, tasks)
	defer func() {
		if err != nil {
			v.leave()
		}
	}()
	backlog, err := a.queue.Backlog(ctx, client)
	if err != nil {
		a.log.WarnContext(ctx, "backlog not read; admitted without a look at it", "error", err)
		v.take(v.tasks)
		return v.leave, nil
	}
	if err = v.tryTake(backlog, tasks); err == nil {
		return v.leave, nil
	}
	if tasks, unread := a.unqueued(ctx, tasks); unread == nil {
		err = v.tryTake(backlog, tasks)
	}
	return v.leave, err
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

// visit is a submission on its way through admission.
type visit struct {
	*admission
	client string
	own    *tab
	tasks  []Task
	taken  time.Duration // what it is charged for
	inside bool          // it was let in

	// What had been queued when the visit began. What was queued since may or
	// may not be in the backlog as it was read: it is counted as on its way, so
	// that nothing is forgotten.
	queuedAll, queuedOwn time.Duration
}

func (a *admission) enter(client string, tasks []Task) *visit {
	a.mu.Lock()
	defer a.mu.Unlock()
	own := a.clients[client]
	if own == nil {
		own = new(tab)
		a.clients[client] = own
	}
	own.serving++
	return &visit{admission: a, client: client, own: own, tasks: tasks, queuedAll: a.all.queued, queuedOwn: own.queued}
}

// tryTake lets the submission in if there is room for the tasks that have to
// be paid for.
func (v *visit) tryTake(backlog Backlog, tasks []Task) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	var fresh []Task
	var cost time.Duration
	for _, t := range tasks {
		if v.onWay[t.Index] == 0 {
			fresh = append(fresh, t)
			cost += t.Cost
		}
	}
	all := backlog.All + v.all.admitted - v.queuedAll
	own := backlog.Own + v.own.admitted - v.queuedOwn
	alone := all == 0 && len(fresh) == 1 // nothing is impossible for ever
	lacking := (own + cost) - (v.max - all - cost)
	switch {
	case cost == 0 || alone || lacking <= 0:
		v.takeLocked(fresh)
		return nil
	case len(fresh) > 1 && 2*cost > v.max:
		return v.tooMany(fresh, cost)
	}
	wait := min(lacking, all)
	message := "Too much is waiting to be calculated. Submit again in about %s."
	if own > 0 && all+cost <= v.max {
		message = "What you submitted before is still waiting to be calculated. Submit again in about %s."
	}
	return &Error{Kind: KindOverloaded, Message: fmt.Sprintf(message, inWords(wait)), Wait: wait}
}

func (v *visit) take(charged []Task) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.takeLocked(charged)
}

func (v *visit) takeLocked(charged []Task) {
	for _, t := range charged {
		v.taken += t.Cost
	}
	v.all.admitted += v.taken
	v.own.admitted += v.taken
	for _, t := range v.tasks {
		v.onWay[t.Index]++
	}
	v.inside = true
}

// leave ends the visit: what was let in is in the queue, or given up.
func (v *visit) leave() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.all.queued += v.taken
	v.own.queued += v.taken
	if v.own.serving--; v.own.serving == 0 {
		delete(v.clients, v.client)
	}
	if !v.inside {
		return
	}
	for _, t := range v.tasks {
		if v.onWay[t.Index]--; v.onWay[t.Index] == 0 {
			delete(v.onWay, t.Index)
		}
	}
}

// tooMany refuses a batch for which there will never be room.
func (v *visit) tooMany(tasks []Task, cost time.Duration) error {
	var whole Estimate
	for _, t := range tasks {
		e := v.calculator.Estimate(t.Index)
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
