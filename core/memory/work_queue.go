package memory

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// WorkQueue is a core.WorkQueue.
type WorkQueue struct {
	lease time.Duration
	now   func() time.Time

	mu      sync.Mutex
	jobs    []*job // in the order in which they were added
	byIndex map[core.Index]*job
	claims  int           // made so far
	ready   chan struct{} // closed and replaced when there may be something to claim
}

type job struct {
	core.Task
	submitter   string
	token       string
	lost        []string // tokens of deliveries whose leases expired and that were not released
	leasedUntil time.Time
	expiry      *time.Timer // announces the end of the lease
	progress    float64
}

// NewWorkQueue returns an empty queue whose leases have the given length.
func NewWorkQueue(lease time.Duration) *WorkQueue {
	return &WorkQueue{lease: lease, now: time.Now, byIndex: make(map[core.Index]*job), ready: make(chan struct{})}
}

// SetClock makes the queue measure leases by now instead of time.Now, for tests in
// which the clock of a server is set. Call it before all other methods.
func (q *WorkQueue) SetClock(now func() time.Time) { q.now = now }

// Enqueue implements core.WorkQueue.
func (q *WorkQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	added := 0
	for _, t := range tasks {
		if waiting := q.byIndex[t.Index]; waiting != nil {
			if waiting.Lane <= t.Lane || waiting.deliveries() > 0 {
				continue
			}
			q.jobs = slices.DeleteFunc(q.jobs, func(j *job) bool { return j == waiting })
		}
		j := &job{submitter: submitter, Task: t}
		q.jobs = append(q.jobs, j)
		q.byIndex[t.Index] = j
		added++
	}
	q.notify()
	return added, nil
}

// Backlog implements core.WorkQueue.
func (q *WorkQueue) Backlog(ctx context.Context, submitter string) (core.Backlog, error) {
	if err := ctx.Err(); err != nil {
		return core.Backlog{}, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var backlog core.Backlog
	for _, j := range q.jobs {
		if j.Lane == core.LaneRecovery {
			backlog.RecoveryTasks++
			backlog.Recovery += j.Cost
			continue
		}
		backlog.Tasks++
		backlog.All += j.Cost
		if j.submitter == submitter {
			backlog.Own += j.Cost
			if j.Lane == core.LaneShort {
				backlog.OwnShort += j.Cost
			}
		}
	}
	return backlog, nil
}

// Claim implements core.WorkQueue.
func (q *WorkQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.restartLeases()
	for _, lane := range limit.Order() {
		if claims := q.claimFrom(lane, limit); len(claims) > 0 {
			return claims, nil
		}
	}
	return nil, nil
}

// claimFrom claims tasks of a lane; q.mu is held.
func (q *WorkQueue) claimFrom(lane core.Lane, limit core.ClaimLimit) (claims []core.Claim) {
	var cost time.Duration
	for _, j := range q.jobs {
		if j.Lane != lane || q.claimed(j) {
			continue
		}
		cost += j.Cost
		if len(claims) > 0 && (len(claims) >= limit.Count || limit.Cost > 0 && cost > limit.Cost) {
			break
		}
		claims = append(claims, q.claim(j))
	}
	return claims
}

func (q *WorkQueue) claim(j *job) core.Claim {
	if j.token != "" {
		j.lost = append(j.lost, j.token)
	}
	q.claims++
	j.token = strconv.Itoa(q.claims)
	j.progress = 0
	j.leasedUntil = q.now().Add(q.lease)
	j.stopExpiry()
	j.expiry = time.AfterFunc(q.lease, q.expired)
	return core.Claim{Index: j.Index, Cost: j.Cost, Lane: j.Lane, Delivery: j.deliveries(), Token: j.token, Lease: q.lease}
}

// Ready implements core.WorkQueue.
func (q *WorkQueue) Ready() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.ready
}

func (q *WorkQueue) expired() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.notify()
}

// notify closes the channel of Ready; q.mu is held.
func (q *WorkQueue) notify() {
	close(q.ready)
	q.ready = make(chan struct{})
}

// Renew implements core.WorkQueue.
func (q *WorkQueue) Renew(ctx context.Context, renewals ...core.Renewal) (lost []core.Claim, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range renewals {
		j := q.held(r.Claim)
		if j == nil {
			lost = append(lost, r.Claim)
			continue
		}
		j.leasedUntil, j.progress = q.now().Add(q.lease), r.Progress
		j.expiry.Reset(q.lease)
	}
	return lost, nil
}

// Acknowledge implements core.WorkQueue.
func (q *WorkQueue) Acknowledge(ctx context.Context, claims ...core.Claim) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, c := range claims {
		if j := q.held(c); j != nil {
			j.stopExpiry()
			delete(q.byIndex, j.Index)
		} else {
			q.discount(c)
		}
	}
	q.jobs = slices.DeleteFunc(q.jobs, func(j *job) bool { return q.byIndex[j.Index] != j })
	return nil
}

// Release implements core.WorkQueue.
func (q *WorkQueue) Release(ctx context.Context, claims ...core.Claim) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, c := range claims {
		if j := q.held(c); j != nil {
			j.stopExpiry()
			j.token, j.leasedUntil, j.progress = "", time.Time{}, 0
		} else {
			q.discount(c)
		}
	}
	q.notify()
	return nil
}

// Jobs implements core.WorkQueue.
func (q *WorkQueue) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	jobs := make(map[core.Index]core.Job)
	for _, n := range indices {
		if j := q.byIndex[n]; j != nil {
			jobs[n] = core.Job{Claimed: q.claimed(j), Deliveries: j.deliveries(), Progress: j.progress, Lane: j.Lane}
		}
	}
	return jobs, nil
}

// Ping implements core.WorkQueue.
func (q *WorkQueue) Ping(ctx context.Context) error { return ctx.Err() }

// Flush loses every task.
func (q *WorkQueue) Flush() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.jobs {
		j.stopExpiry()
	}
	q.jobs = nil
	clear(q.byIndex)
}

// discount takes a claim that is lost off the count of deliveries; q.mu is held.
func (q *WorkQueue) discount(c core.Claim) {
	if j := q.byIndex[c.Index]; j != nil {
		j.lost = slices.DeleteFunc(j.lost, func(token string) bool { return token == c.Token })
	}
}

// held returns the job of a claim that is not lost: one whose lease has expired
// is still good as long as the task was not delivered again.
func (q *WorkQueue) held(c core.Claim) *job {
	if j := q.byIndex[c.Index]; j != nil && j.token == c.Token && j.token != "" {
		return j
	}
	return nil
}

func (q *WorkQueue) claimed(j *job) bool { return q.now().Before(j.leasedUntil) }

// restartLeases restarts the leases that began before the clock was set back;
// q.mu is held.
func (q *WorkQueue) restartLeases() {
	latest := q.now().Add(q.lease)
	for _, j := range q.jobs {
		if j.leasedUntil.After(latest) {
			j.leasedUntil = latest
			j.expiry.Reset(q.lease)
		}
	}
}

// deliveries returns the number of deliveries that count.
func (j *job) deliveries() int {
	if j.token == "" {
		return len(j.lost)
	}
	return len(j.lost) + 1
}

func (j *job) stopExpiry() {
	if j.expiry != nil {
		j.expiry.Stop()
	}
}
