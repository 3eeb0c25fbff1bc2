package core

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Overview is how the service is at a time.
type Overview struct {
	Health  []Health // of what it depends on, as Ports.Health has it
	Backlog *Backlog // of all clients; nil if it can't be told
	Workers *int     // how many are alive; nil if it can't be told
}

// Overview tells how the service is, or was within the last second: all who ask
// share one look, so that a crowd costs no more than one, and none of them may
// change what it points to. Something that hangs is given two seconds.
func (s *Service) Overview(ctx context.Context) Overview { return s.lookout.look(ctx) }

const (
	// lookPeriod is for how long one look is good enough for all.
	lookPeriod = time.Second
	// lookTimeout bounds how long a part may take to show that it is there.
	lookTimeout = 2 * time.Second
)

// lookout looks after ports for any number who ask.
type lookout struct {
	ports Ports
	log   *slog.Logger

	mu   sync.Mutex // held while looking: who asks meanwhile waits for the same
	seen Overview
	at   time.Time // of seen
}

func (l *lookout) look(ctx context.Context) Overview {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.at) >= lookPeriod {
		// Others wait for it, too: it does not end with who began it.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTimeout)
		defer cancel()
		l.seen = l.lookAnew(ctx)
		l.at = time.Now()
	}
	return l.seen
}

func (l *lookout) lookAnew(ctx context.Context) Overview {
	var seen Overview
	var all sync.WaitGroup
	all.Go(func() { seen.Health = l.ports.Health(ctx) })
	all.Go(func() {
		backlog, err := l.ports.Queue.Backlog(ctx, nobody)
		if err != nil {
			l.log.WarnContext(ctx, "backlog not read; how much waits is unknown", "error", err)
			return
		}
		seen.Backlog = &backlog
	})
	all.Go(func() {
		workers, err := l.ports.Queue.Workers(ctx)
		if err != nil {
			l.log.WarnContext(ctx, "workers not counted", "error", err)
			return
		}
		seen.Workers = &workers
	})
	all.Wait()
	return seen
}
