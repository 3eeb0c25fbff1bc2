package core

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// lookupTimeout bounds what precedes the commit: reading the ValueCache and
	// the backlog. If they hang, the submission goes on without them.
	lookupTimeout = time.Second
	// enqueueTimeout bounds enqueuing, which follows the commit.
	enqueueTimeout = 2 * time.Second
)

// errLookupTimeout is the cause of a context that ended after lookupTimeout, as
// opposed to one whose caller has left.
var errLookupTimeout = errors.New("the lookup took too long")

// Submit records indices and enqueues those that have no value yet. When it
// returns without an error, every index is durably recorded and will be
// calculated or marked as failed; what fails after the commit is left to the
// Reconciler. The statuses are in the order of the indices.
//
// An index given several times counts as so many submissions. Without indices
// Submit does nothing.
//
// submitter identifies who submits, for admission: see Limits. It may be any text.
// The empty one is shared with the indices that the service enqueues itself.
//
// KindTooLarge means that an index, or all of them together, can never be accepted; KindOverloaded, that too much work is waiting, or too many
// submissions for a commit. Then nothing is recorded. KindUnavailable means that
// the IndexStore could not confirm the commit. Indices that have a value or are
// in the queue, except in LaneRecovery, are never too much work.
//
// If ctx ends before the commit begins, nothing is recorded and the error is the
// cause of ctx. A submission whose commit has begun is completed, whatever
// becomes of ctx: until its indices are in the queue, Submit does not return, and
// they count as work of the submitter.
func (s *Service) Submit(ctx context.Context, submitter string, indices ...Index) ([]Status, error) {
	return s.submit(ctx, submitter, Key{}, indices)
}

// SubmitOnce is Submit for a request that may be repeated, because its answer was
// lost. key is chosen by the submitter, for this request only. Within KeyAge
// it counts as one submission, however often it arrives. KindInvalid means that the
// submitter used the key for other indices; then nothing is recorded.
func (s *Service) SubmitOnce(ctx context.Context, submitter, key string, indices ...Index) ([]Status, error) {
	return s.submit(ctx, submitter, keyOf(submitter, key, indices), indices)
}

func (s *Service) submit(ctx context.Context, submitter string, key Key, indices []Index) ([]Status, error) {
	for _, n := range indices {
		if err := s.limits.check(n, s.ports.Calculator); err != nil {
			return nil, err
		}
	}
	submissions, places := submissionsOf(indices)
	distinct := make([]Index, len(submissions))
	for i, sub := range submissions {
		distinct[i] = sub.Index
	}

	// Look up which values exist, and meanwhile the backlog, and admit the calculation
	// of the rest.
	reservation := s.admission.open(ctx, submitter)
	defer s.admission.release(reservation)
	lookup, endLookup := context.WithTimeoutCause(ctx, lookupTimeout, errLookupTimeout)
	defer endLookup()
	values, err := s.ports.Cache.Summaries(lookup, distinct...)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		s.log.WarnContext(ctx, "cache not read on submit; all indices are enqueued", "error", err)
	}
	var missing []Index
	for i, n := range distinct {
		if _, found := values[n]; !found {
			submissions[i].Reopen = true
			missing = append(missing, n)
		}
	}
	s.near.forget(missing...)
	estimates := estimatesOf(s.ports.Calculator, missing)
	if err := s.checkMemory(lookup, missing, estimates); err != nil {
		return nil, err
	}
	tasks := estimatedTasks(missing, estimates)
	if err := s.admission.reserve(lookup, reservation, tasks); err != nil {
		return nil, err
	}

	// Commit. Nothing is promised before, and nothing is lost after. From here on
	// the submission does not depend on its submitter.
	records, err := s.recorder.record(ctx, submitter, key, submissions)
	if err != nil {
		return nil, err
	}

	// Only an index that was submitted before can be with a worker already. With a
	// key, it may have been submitted before and counts once.
	var known []Index
	for i, sub := range submissions {
		if r := records[i]; sub.Reopen && (r.Submissions > sub.Count || r.LastSeenAt.After(r.FirstSeenAt)) {
			known = append(known, sub.Index)
		}
	}
	enqueue, endEnqueue := context.WithTimeout(context.WithoutCancel(ctx), enqueueTimeout)
	defer endEnqueue()
	var jobs map[Index]Job
	var looking sync.WaitGroup
	if len(known) > 0 {
		looking.Go(func() { jobs = s.jobs(enqueue, known) })
	}
	s.enqueue(enqueue, submitter, tasks)
	s.admission.release(reservation)
	looking.Wait()

	statuses := make([]Status, len(indices))
	for i, place := range places {
		statuses[i] = statusOf(records[place], values, jobs)
	}
	return statuses, nil
}

// submissionsOf counts how often each index occurs, in order of first
// occurrence. places tells for each of the indices which submission is its own.
func submissionsOf(indices []Index) (submissions []Submission, places []int) {
	byIndex := make(map[Index]int, len(indices))
	for _, n := range indices {
		place, found := byIndex[n]
		if !found {
			place = len(submissions)
			byIndex[n] = place
			submissions = append(submissions, Submission{Index: n})
		}
		submissions[place].Count++
		places = append(places, place)
	}
	return submissions, places
}

// keyOf returns the Key of a request. Keys of different submitters differ.
func keyOf(submitter, key string, indices []Index) (k Key) {
	id := sha256.Sum256(fmt.Appendf(nil, "%q %q", submitter, key))
	digest := sha256.New()
	for _, n := range indices {
		_ = binary.Write(digest, binary.BigEndian, int64(n)) // a hash takes everything
	}
	copy(k.ID[:], id[:])
	copy(k.Digest[:], digest.Sum(nil))
	return k
}

// enqueue puts tasks into the queue. A failure is left to the Reconciler.
func (s *Service) enqueue(ctx context.Context, submitter string, tasks []Task) {
	if len(tasks) == 0 {
		return
	}
	if _, err := s.ports.Queue.Enqueue(ctx, submitter, tasks...); err != nil {
		s.log.WarnContext(ctx, "not enqueued; left to the reconciler", "indices", len(tasks), "error", err)
	}
}
