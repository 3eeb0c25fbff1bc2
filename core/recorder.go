package core

import (
	"context"
	"sync"
	"time"
)

const (
	// maxBatch bounds the distinct indices of a batch, unless a single call has
	// more.
	maxBatch = 5000
	// recordTimeout bounds a commit, and so the wait of the batches behind it.
	recordTimeout = 10 * time.Second
)

// recorder commits concurrent submissions together. While one batch is being
// written, the next one collects: the slower the store, the larger the batches,
// and there is never more than one call at a time.
type recorder struct {
	store IndexStore

	mu      sync.Mutex
	waiting []*batch
	writing bool
}

// batch is the submissions of one commit, and its result.
type batch struct {
	submissions []Submission
	position    map[Index]int // in submissions and records
	done        chan struct{} // closed when records and err are set
	records     []Record
	err         error
}

// record commits submissions of distinct indices and returns their records, in
// the same order. If ctx ends first, they may or may not be recorded.
func (r *recorder) record(ctx context.Context, submissions []Submission) ([]Record, error) {
	b := r.join(submissions)
	select {
	case <-b.done:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if b.err != nil {
		return nil, b.err
	}
	records := make([]Record, len(submissions))
	for i, s := range submissions {
		records[i] = b.records[b.position[s.Index]]
	}
	return records, nil
}

// join adds submissions to the collecting batch and makes sure that it will be
// written.
func (r *recorder) join(submissions []Submission) *batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := len(r.waiting) - 1
	if last < 0 || len(r.waiting[last].submissions)+len(submissions) > maxBatch {
		r.waiting = append(r.waiting, &batch{position: make(map[Index]int), done: make(chan struct{})})
		last++
	}
	b := r.waiting[last]
	b.add(submissions)
	if !r.writing {
		r.writing = true
		go r.write()
	}
	return b
}

func (b *batch) add(submissions []Submission) {
	for _, s := range submissions {
		i, present := b.position[s.Index]
		if !present {
			b.position[s.Index] = len(b.submissions)
			b.submissions = append(b.submissions, s)
			continue
		}
		b.submissions[i].Count += s.Count
		b.submissions[i].Reopen = b.submissions[i].Reopen || s.Reopen
	}
}

// write commits batches until none is waiting.
func (r *recorder) write() {
	for {
		r.mu.Lock()
		if len(r.waiting) == 0 {
			r.writing = false
			r.mu.Unlock()
			return
		}
		b := r.waiting[0]
		r.waiting = r.waiting[1:]
		r.mu.Unlock()

		ctx, cancel := context.WithTimeout(context.Background(), recordTimeout)
		b.records, b.err = r.store.Record(ctx, now(), b.submissions)
		cancel()
		close(b.done)
	}
}
