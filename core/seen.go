package core

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// maxRepeats is how many events a process publishes in a repeatPeriod for
// submissions of indices that were submitted before.
const (
	maxRepeats   = 20
	repeatPeriod = time.Second
)

// repeats bounds the events of repeated submissions. The first submission of an
// index has to be calculated, and is charged for that by admission. A repeated one
// costs its submitter nothing, and every process and every stream something. In
// each period a submitter can have as many such events published as it leaves free
// for others, which is half if it is the only one. It is not safe for concurrent
// use.
type repeats struct {
	begin time.Time // of the period
	all   int       // published since
	by    map[string]int
}

// take counts an event of a submitter and reports whether it may be published.
func (r *repeats) take(submitter string) bool {
	if r.by == nil || time.Since(r.begin) >= repeatPeriod {
		r.begin, r.all, r.by = time.Now(), 0, make(map[string]int)
	}
	if r.by[submitter] >= maxRepeats-r.all {
		return false
	}
	r.by[submitter]++
	r.all++
	return true
}

// announcer publishes in the background that indices were submitted. A submission
// is answered without waiting for its events, since nothing depends on them. While
// some events are being published, the next ones collect.
type announcer struct {
	events  Events
	log     *slog.Logger
	repeats repeats // used by the goroutine that commits

	mu         sync.Mutex
	waiting    []Event // no more than EventBurst
	publishing bool    // a goroutine publishes what waits
}

// announce publishes the submissions of a batch that was committed, one for each
// index: all first ones, and as many of the others as repeats allow. It does not wait. It is called by the
// goroutine that commits.
func (a *announcer) announce(b *batch) {
	var seen []Event
	counts := make(map[Index]int64, len(b.submissions))
	for _, sub := range b.submissions {
		counts[sub.Index] += sub.Count
	}
	for i, sub := range b.submissions {
		r := b.records[i]
		count, due := counts[sub.Index]
		if !due || r == (Record{}) { // announced already, or refused
			continue
		}
		first := r.Submissions <= count && r.FirstSeenAt.Equal(b.at)
		if first || a.repeats.take(b.submitters[i]) {
			seen = append(seen, Event{Kind: EventSeen, Index: sub.Index})
			delete(counts, sub.Index)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting = append(a.waiting, seen[:min(len(seen), EventBurst-len(a.waiting))]...)
	if len(a.waiting) > 0 && !a.publishing {
		a.publishing = true
		go a.publish()
	}
}

// publish publishes events until none wait.
func (a *announcer) publish() {
	for events := a.next(); len(events) > 0; events = a.next() {
		_ = publish(context.Background(), a.events, a.log, events...)
	}
}

// next returns the events that wait. Without any, the publishing ends.
func (a *announcer) next() []Event {
	a.mu.Lock()
	defer a.mu.Unlock()
	events := a.waiting
	a.waiting = nil
	a.publishing = len(events) > 0
	return events
}
