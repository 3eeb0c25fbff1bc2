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

// EventKind is the kind of a StreamEvent.
type EventKind string

// The kinds of events.
const (
	// EventRefetch comes first and after each gap in the connection: events of the
	// gap are lost, so fetch again what you show. It has no index.
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
	// idleTimeout is how long a connection may be silent before it is considered
	// dead: three heartbeats of the server.
	idleTimeout = 45 * time.Second
)

// Events yields events as they happen, until the loop over them ends. It
// reconnects whenever the connection is lost, and then yields EventRefetch. It
// yields an error and ends only if the server refuses, something else answers, or
// ctx ends.
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

// stream is one connection to the event stream.
type stream struct {
	yield   func(StreamEvent, error) bool
	opened  bool // the server has answered
	stopped bool // the loop over the events has ended
}

// follow connects and yields events until the connection ends.
func (s *stream) follow(ctx context.Context, a *API) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	idle := time.AfterFunc(idleTimeout, cancel)
	defer idle.Stop()
	response, err := a.once.StreamEvents(ctx)
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
			return fmt.Errorf("pisano: invalid event: %w", err)
		}
		if !s.deliver(event) {
			return nil
		}
	}
	return io.ErrUnexpectedEOF
}

// deliver yields an event and reports whether the loop continues.
func (s *stream) deliver(event StreamEvent) bool {
	s.stopped = !s.yield(event, nil)
	return !s.stopped
}

// liveReader restarts the idle timer whenever data arrives.
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
