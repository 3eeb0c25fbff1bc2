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
	return &WorkQueue{lease: lease, byIndex: make(map[core.Index]*job), ready: make(chan struct{})}
}

// Enqueue implements core.WorkQueue.
func (m *WorkQueue) Enqueue(ctx context.Context, submitter string, tasks ...core.Task) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	added := 0
	for _, t := range tasks {
		if m.byIndex[t.Index] == nil {
			j := &job{submitter: submitter, Task: t}
			m.jobs = append(m.jobs, j)
			m.byIndex[t.Index] = j
			added++
		}
	}
	m.notify()
	return added, nil
}

// Backlog implements core.WorkQueue.
func (m *WorkQueue) Backlog(ctx context.Context, submitter string) (core.Backlog, error) {
	if err := ctx.Err(); err != nil {
		return core.Backlog{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	backlog := core.Backlog{Tasks: len(m.jobs)}
	for _, j := range m.jobs {
		backlog.All += j.Cost
		if j.submitter == submitter {
			backlog.Own += j.Cost
		}
	}
	return backlog, nil
}

// Claim implements core.WorkQueue.
func (m *WorkQueue) Claim(ctx context.Context, limit core.ClaimLimit) ([]core.Claim, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var claims []core.Claim
	var cost time.Duration
	for _, j := range m.jobs {
		if j.claimed() {
			continue
		}
		cost += j.Cost
		if len(claims) > 0 && (len(claims) >= limit.Count || limit.Cost > 0 && cost > limit.Cost) {
			break
		}
		claims = append(claims, m.claim(j))
	}
	return claims, nil
}

func (m *WorkQueue) claim(j *job) core.Claim {
	if j.token != "" {
		j.lost = append(j.lost, j.token)
	}
	m.claims++
	j.token = strconv.Itoa(m.claims)
	j.progress = 0
	j.leasedUntil = time.Now().Add(m.lease)
	j.stopExpiry()
	j.expiry = time.AfterFunc(m.lease, m.expired)
	return core.Claim{Index: j.Index, Cost: j.Cost, Delivery: j.deliveries(), Token: j.token, Lease: m.lease}
}

// Ready implements core.WorkQueue.
func (m *WorkQueue) Ready() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ready
}

func (m *WorkQueue) expired() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.notify()
}

// notify closes the channel of Ready; m.mu is held.
func (m *WorkQueue) notify() {
	close(m.ready)
	m.ready = make(chan struct{})
}

// Renew implements core.WorkQueue.
func (m *WorkQueue) Renew(ctx context.Context, renewals ...core.Renewal) (lost []core.Claim, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range renewals {
		j := m.held(r.Claim)
		if j == nil {
			lost = append(lost, r.Claim)
			continue
		}
		j.leasedUntil, j.progress = time.Now().Add(m.lease), r.Progress
		j.expiry.Reset(m.lease)
	}
	return lost, nil
}

// Acknowledge implements core.WorkQueue.
func (m *WorkQueue) Acknowledge(ctx context.Context, claims ...core.Claim) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range claims {
		if j := m.held(c); j != nil {
			j.stopExpiry()
			delete(m.byIndex, j.Index)
		}
	}
	m.jobs = slices.DeleteFunc(m.jobs, func(j *job) bool { return m.byIndex[j.Index] != j })
	return nil
}

// Release implements core.WorkQueue.
func (m *WorkQueue) Release(ctx context.Context, claims ...core.Claim) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range claims {
		if j := m.held(c); j != nil {
			j.stopExpiry()
			j.token, j.leasedUntil, j.progress = "", time.Time{}, 0
		} else if j := m.byIndex[c.Index]; j != nil {
			j.lost = slices.DeleteFunc(j.lost, func(token string) bool { return token == c.Token })
		}
	}
	m.notify()
	return nil
}

// Jobs implements core.WorkQueue.
func (m *WorkQueue) Jobs(ctx context.Context, indices ...core.Index) (map[core.Index]core.Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	jobs := make(map[core.Index]core.Job)
	for _, n := range indices {
		if j := m.byIndex[n]; j != nil {
			jobs[n] = core.Job{Claimed: j.claimed(), Deliveries: j.deliveries(), Progress: j.progress}
		}
	}
	return jobs, nil
}

// Ping implements core.WorkQueue.
func (m *WorkQueue) Ping(ctx context.Context) error { return ctx.Err() }

// Flush loses every task.
func (m *WorkQueue) Flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, j := range m.jobs {
		j.stopExpiry()
	}
	m.jobs = nil
	clear(m.byIndex)
}

// held returns the job of a claim that is not lost: one whose lease has expired
// is still good as long as the task was not delivered again.
func (m *WorkQueue) held(c core.Claim) *job {
	if j := m.byIndex[c.Index]; j != nil && j.token == c.Token && j.token != "" {
		return j
	}
	return nil
}

func (j *job) claimed() bool { return time.Now().Before(j.leasedUntil) }

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
