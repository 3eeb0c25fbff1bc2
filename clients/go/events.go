package pisano

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"time"

	"github.com/tmaxmax/go-sse"
)

// EventKind is what a StreamEvent tells.
type EventKind string

// The kinds of events.
const (
	// EventRefetch comes first, and again after each gap: what happened before
	// is not told, so read anew what you show. It has no index.
	EventRefetch    EventKind = "refetch"
	EventSeen       EventKind = "seen"
	EventProgress   EventKind = "progress"
	EventCalculated EventKind = "calculated"
	EventFailed     EventKind = "failed"
)

// StreamEvent is something that happened to an index.
type StreamEvent struct {
	Kind EventKind
	Event
}

const (
	minRetry = time.Second
	maxRetry = 15 * time.Second
	// idleTimeout is after how long without a sign of life a connection is taken
	// for dead: three heartbeats of the server.
	idleTimeout = 45 * time.Second
)

// Events returns what happens, as it happens, until the loop over it ends. A
// lost connection is made anew, however often, and EventRefetch tells of it. The
// only errors are the last: that ctx has ended, that the server refuses, or
// that something else answers.
func (a *API) Events(ctx context.Context) iter.Seq2[StreamEvent, error] {
	return func(yield func(StreamEvent, error) bool) {
		retry := minRetry
		for {
			s := &stream{yield: yield}
			err := s.follow(ctx, a)
			if s.stopped {
				return
			}
			if s.opened {
				retry = minRetry
			}
			var foreign *ForeignAnswerError
			if errors.As(err, &foreign) {
				yield(StreamEvent{}, err)
				return
			}
			var problem *ProblemError
			if errors.As(err, &problem) {
				if problem.Status < 500 && problem.Status != http.StatusTooManyRequests {
					yield(StreamEvent{}, err)
					return
				}
				retry = max(retry, problem.RetryAfter)
			}
			if err := sleep(ctx, retry); err != nil {
				yield(StreamEvent{}, err)
				return
			}
			retry = min(2*retry, maxRetry)
		}
	}
}

// stream is one connection.
type stream struct {
	yield   func(StreamEvent, error) bool
	opened  bool // there was an answer
	stopped bool // the reader has had enough
}

// follow connects and passes on what comes, until the connection ends.
func (s *stream) follow(ctx context.Context, a *API) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	idle := time.AfterFunc(idleTimeout, cancel)
	defer idle.Stop()
	response, err := a.StreamEvents(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return unexpected(response)
	}
	s.opened = true
	if !s.deliver(StreamEvent{Kind: EventRefetch}) {
		return nil
	}
	for message, err := range sse.Read(&liveReader{response.Body, idle}, nil) {
		if err != nil {
			return err
		}
		event := StreamEvent{Kind: EventKind(message.Type)}
		switch event.Kind {
		case EventSeen, EventProgress, EventCalculated, EventFailed:
		default:
			continue // from a newer server
		}
		if err := json.Unmarshal([]byte(message.Data), &event.Event); err != nil {
			return fmt.Errorf("pisano: an event can't be read: %w", err)
		}
		if !s.deliver(event) {
			return nil
		}
	}
	return io.ErrUnexpectedEOF
}

// deliver gives an event to the reader, and reports whether more is wanted.
func (s *stream) deliver(event StreamEvent) bool {
	s.stopped = !s.yield(event, nil)
	return !s.stopped
}

// liveReader puts off the end of a connection whenever it shows a sign of life.
type liveReader struct {
	io.Reader
	idle *time.Timer
}

// Read implements io.Reader.
func (r *liveReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.idle.Reset(idleTimeout)
	return n, err
}
