package httpapi

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// stream writes to a client until the first error, which means that the client
// is gone or too slow.
type stream struct {
	w        io.Writer
	control  *http.ResponseController
	interval func() time.Duration // the least time between two batches
	err      error
}

// run forwards events until they end, the client leaves, or ctx ends.
func (s *stream) run(ctx context.Context, events *core.Watcher) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	var next time.Time // when another batch may be sent
	for s.err == nil {
		select {
		case <-events.Ready():
			time.Sleep(time.Until(next))
			s.begin()
			count, open := s.forward(events)
			if !open {
				return
			}
			if count < maxBatch { // else more are ready
				next = time.Now().Add(s.interval())
			}
		case <-beat.C:
			s.begin()
			s.write(comment)
		case <-ctx.Done():
			return
		}
		s.flush()
	}
}

// forward writes a batch of the events that are ready. It returns their number
// and whether the stream goes on.
func (s *stream) forward(events *core.Watcher) (count int, open bool) {
	for ; count < maxBatch; count++ {
		select {
		case <-events.Ready():
		default:
			return count, true
		}
		text, open := events.NextEncoded(frame)
		if !open {
			return count, false
		}
		s.write(text)
	}
	return count, true
}

// begin gives the client writeTimeout to accept what is written from now on.
// Where deadlines are not supported, those of the server apply.
func (s *stream) begin() { _ = s.control.SetWriteDeadline(time.Now().Add(writeTimeout)) }

func (s *stream) write(text []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(text)
	}
}

func (s *stream) flush() {
	if s.err == nil {
		s.err = s.control.Flush()
	}
}
