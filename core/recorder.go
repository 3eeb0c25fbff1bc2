package core

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// maxBatch bounds the distinct indices of a batch, unless a single call has
	// more.
	maxBatch = 5000
	// maxWaiting bounds the submissions that wait for their commit to begin,
	// unless a single call has more. Of one submitter no more wait than it leaves
	// room for.
	maxWaiting = 4 * maxBatch
	// recordTimeout bounds a commit, and the wait until it begins.
	recordTimeout = 10 * time.Second
)

// errStoreTooSlow is the error of submissions whose commit did not begin within
// recordTimeout.
var errStoreTooSlow = NewError(KindUnavailable, "The index store is too slow at present. Submit again soon.")

// recorder commits concurrent submissions together. While one batch is being
// written, the next ones collect: the slower the store, the larger the batches,
// and there is never more than one call at a time.
//
// Until its commit begins, a call can be withdrawn. Every submission that waits
// therefore has a caller that waits for it, and their number is bounded, however
// long the store hangs. The bound is shared like that of admission, which does not
// charge for known indices: a submitter may have as many waiting as it leaves room
// for, about half if it is the only one.
type recorder struct {
	store     IndexStore
	announcer *announcer

	mu      sync.Mutex
	waiting list.List      // of *recording, in the order of their calls
	size    int            // submissions in waiting
	by      map[string]int // the same by submitter, without zeros
	writing bool           // a goroutine commits what waits
	begun   time.Time      // when the latest commit began
	took    time.Duration  // by the latest commit that ended
}

func newRecorder(store IndexStore, announcer *announcer) *recorder {
	return &recorder{store: store, announcer: announcer, by: make(map[string]int)}
}

// recording is a call of record.
type recording struct {
	submitter   string
	key         Key
	submissions []Submission
	place       *list.Element // in waiting; nil once its commit has begun
	batch       *batch        // set by then
	refused     bool          // the batch has its key with another digest
	done        chan struct{} // closed when the result of batch is set
}

// batch is the submissions of one commit, and its result.
type batch struct {
	recordings  []*recording
	submissions []Submission
	submitters  []string              // the first of each
	position    map[part]int          // in submissions, submitters and records
	digests     map[[16]byte][16]byte // of the keys
	at          time.Time             // when it is recorded
	records     []Record
	err         error
}

// part is what a request submits of an index. Requests without a key share it.
type part struct {
	index Index
	key   [16]byte
}

// errKeyReused is the error of a request whose key was used for another one.
var errKeyReused = &Error{Kind: KindInvalid, Field: "key",
	Message: "This key was used for another submission within the last day. Use a new one for each submission, and the same one to repeat it."}

// record commits submissions of distinct indices with the same key and returns
// their records, in the same order. If ctx ends before their commit begins, they are not recorded. A
// commit that has begun is waited for, whatever becomes of ctx.
//
// The error is of KindOverloaded if too many submissions wait, of all submitters or
// of this one, of KindUnavailable if the store can't confirm the commit in time, and
// of KindInvalid if the key was used with another digest.
func (r *recorder) record(ctx context.Context, submitter string, key Key, submissions []Submission) ([]Record, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, recordTimeout, errStoreTooSlow)
	defer cancel()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	c, err := r.join(submitter, key, submissions)
	if err != nil {
		return nil, err
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		if r.withdraw(c) {
			return nil, context.Cause(ctx)
		}
		<-c.done
	}
	switch {
	case c.refused:
		return nil, errKeyReused
	case c.batch.err != nil:
		return nil, c.batch.err
	}
	records := make([]Record, len(submissions))
	for i, s := range submissions {
		records[i] = c.batch.records[c.batch.position[part{s.Index, key.ID}]]
		if records[i] == (Record{}) {
			return nil, errKeyReused
		}
	}
	return records, nil
}

// join adds submissions to those that wait and makes sure that they will be
// committed, or refuses them.
func (r *recorder) join(submitter string, key Key, submissions []Submission) (*recording, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.size > 0 && r.by[submitter] > maxWaiting-r.size-len(submissions) {
		wait := r.expectedWait()
		return nil, &Error{Kind: KindOverloaded, Wait: wait,
			Message: fmt.Sprintf("Too many submissions wait to be recorded. Submit again in about %s.", inWords(wait))}
	}
	c := &recording{submitter: submitter, key: key, submissions: submissions, done: make(chan struct{})}
	c.place = r.waiting.PushBack(c)
	r.size += len(submissions)
	r.by[submitter] += len(submissions)
	if !r.writing {
		r.writing = true
		go r.write()
	}
	return c, nil
}

// expectedWait returns how long the commit of all that waits takes if each batch
// takes as long as the latest, and at least a second. r.mu must be held.
func (r *recorder) expectedWait() time.Duration {
	commits := time.Duration(2 + r.size/maxBatch) // with the one being written
	return max(commits*max(r.took, time.Since(r.begun)), time.Second)
}

// withdraw removes a recording from those that wait. It returns false if its
// commit has begun.
func (r *recorder) withdraw(c *recording) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.remove(c)
}

// remove removes a recording from those that wait, if it does. r.mu must be
// held.
func (r *recorder) remove(c *recording) bool {
	if c.place == nil {
		return false
	}
	r.waiting.Remove(c.place)
	r.size -= len(c.submissions)
	if r.by[c.submitter] -= len(c.submissions); r.by[c.submitter] == 0 {
		delete(r.by, c.submitter)
	}
	c.place = nil
	return true
}

// write commits batches until nothing waits.
func (r *recorder) write() {
	for b := r.next(); b != nil; b = r.next() {
		begin := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), recordTimeout)
		b.at = now()
		b.records, b.err = r.store.Record(ctx, b.at, b.submissions)
		cancel()
		if b.err == nil {
			r.announcer.announce(b)
		}
		r.mu.Lock()
		r.took = time.Since(begin)
		r.mu.Unlock()
		for _, c := range b.recordings {
			close(c.done)
		}
	}
}

// next begins a batch of what has waited longest. It returns nil, and ends the
// writing, if nothing waits.
func (r *recorder) next() *batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := &batch{position: make(map[part]int), digests: make(map[[16]byte][16]byte)}
	for first := r.waiting.Front(); first != nil; first = r.waiting.Front() {
		c := first.Value.(*recording)
		if len(b.recordings) > 0 && len(b.submissions)+len(c.submissions) > maxBatch {
			break
		}
		r.remove(c)
		b.add(c)
	}
	if len(b.recordings) == 0 {
		r.writing = false
		return nil
	}
	r.begun = time.Now()
	return b
}

func (b *batch) add(c *recording) {
	c.batch = b
	b.recordings = append(b.recordings, c)
	keyed := c.key != (Key{})
	if keyed {
		digest, repeated := b.digests[c.key.ID]
		if c.refused = repeated && digest != c.key.Digest; c.refused {
			return
		}
		b.digests[c.key.ID] = c.key.Digest
	}
	for _, s := range c.submissions {
		s.Key = c.key
		place := part{s.Index, c.key.ID}
		i, present := b.position[place]
		if !present {
			b.position[place] = len(b.submissions)
			b.submissions = append(b.submissions, s)
			b.submitters = append(b.submitters, c.submitter)
			continue
		}
		if !keyed {
			b.submissions[i].Count += s.Count
		}
		b.submissions[i].Reopen = b.submissions[i].Reopen || s.Reopen
	}
}
