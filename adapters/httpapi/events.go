package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
)

// Event is the data of a server-sent event.
type Event struct {
	Index    int64     `json:"index" minimum:"-9007199254740991" maximum:"9007199254740991"`
	At       time.Time `json:"at"`
	Progress *float64  `json:"progress,omitempty" minimum:"0" maximum:"1" doc:"Only with progress: the fraction done."`
	Reason   string    `json:"reason,omitempty" doc:"Only with failed: the reason, for people."`

	Worker    string     `json:"worker,omitempty" doc:"The name of the worker that has the index, or had it last, as in the status of the service. Absent with seen, and if unknown."`
	Delivery  *int       `json:"delivery,omitempty" minimum:"1" doc:"How often the index was delivered to a worker by then. It grows when a worker that has the index dies or fails, not when one stops and hands the index back. Absent with seen, and if unknown."`
	ClaimedAt *time.Time `json:"claimedAt,omitempty" doc:"When the worker took the index, by its own clock. Absent with seen, and if unknown."`
}

const (
	// heartbeat is the interval between comments that keep an idle stream open.
	heartbeat = 15 * time.Second
	// subscriptionTimeout is how long a stream waits for the first subscription to
	// events. One that opens before it ends with it, and the client reconnects.
	subscriptionTimeout = 2 * time.Second
	// streamRetryAfter is Retry-After where no more streams are served, in
	// seconds. Streams last, so an early retry would rarely succeed.
	streamRetryAfter = 10
	// minBatchInterval is the least time between two batches of events on a
	// stream. The first event after a pause is sent at once; events in quick
	// succession share a packet, which costs all streams together far less.
	minBatchInterval = 5 * time.Millisecond
	// batchInterval is that time where streams are many. Up to there it is fewShare
	// for each open stream: all together send at most 4,000 batches a second.
	batchInterval = 50 * time.Millisecond
	fewShare      = 250 * time.Microsecond
	// manyShare is the least time for each open stream once there are more than
	// 1,000: all together send at most 20,000 batches a second.
	manyShare = 50 * time.Microsecond
	// maxBatch bounds how many events are written before the client must have
	// accepted what was written.
	maxBatch = 256
)

var (
	// preamble begins a stream: how long the client should wait before it
	// reconnects, in milliseconds.
	preamble = []byte("retry: 1000\n\n")
	// comment is a heartbeat.
	comment = []byte(": still here\n\n")
)

func (a *api) registerEvents(routes huma.API) {
	op := huma.Operation{
		OperationID: "streamEvents", Method: http.MethodGet, Path: "/events", Tags: []string{"events"},
		Summary: "Events as they happen",
		Description: "Server-sent events of the types seen, progress, calculated and failed, each with an Event as data. " +
			"The stream starts with the connection and does not replay earlier events: refetch what you show whenever it opens. " +
			"The first submission of an index is always announced; repeated ones are, up to 20 a second, of which a single submitter can have at most as many as it leaves free for others. " +
			"A client that lags gets the newest state of each index without those in between. " +
			"The server ends the stream of one that falls too far behind; EventSource reconnects by itself. " +
			"The number of streams is bounded, and a single submitter can have at most as many as it leaves free for others. Beyond that the status is 503.",
		Responses: map[string]*huma.Response{"200": {
			Description: "An endless stream.",
			Content: map[string]*huma.MediaType{"text/event-stream": {
				Schema: &huma.Schema{
					Type:        huma.TypeString,
					Description: "Server-sent events as defined by the HTML standard. The data of each is an Event in JSON.",
				},
				// OpenAPI 3.1 can't describe event data, and Huma drops a schema without references.
				Extensions: map[string]any{"x-event-data": routes.OpenAPI().Components.Schemas.Schema(typeOf[Event](), true, "")},
			}},
		}},
	}
	for _, status := range []int{http.StatusInternalServerError, http.StatusServiceUnavailable} {
		op.Responses[statusKey(status)] = problemResponse(routes, status)
	}
	// Huma's own handler parses input, of which there is none, and would double
	// the stack that each idle stream holds.
	routes.OpenAPI().AddOperation(&op)
	routes.Adapter().Handle(&op, a.streamEvents)
}

func (a *api) streamEvents(hc huma.Context) {
	r, w := humago.Unwrap(hc)
	submitter := submitterOf(r.Context())
	if !a.streams.take(submitter) {
		a.log.DebugContext(r.Context(), "stream refused", "limit", a.streams.limit, "submitter", submitter)
		writeUnavailable(w, r, a.log, "Too many event streams are open, in total or from your address. Close some, or try again later.", streamRetryAfter)
		return
	}
	defer a.streams.free(submitter)
	subscribed, cancel := context.WithTimeout(r.Context(), subscriptionTimeout)
	events := a.service.Watch(subscribed)
	cancel()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store, "+noTransform)
	w.Header().Set("X-Accel-Buffering", "no") // nginx: no buffering
	s := stream{w: w, control: http.NewResponseController(w), interval: a.batchInterval}
	s.begin()
	s.write(preamble)
	s.flush()
	if r.Method == http.MethodHead {
		return // there is no body, and the client may keep the connection open
	}
	s.run(r.Context(), events)
}

// batchInterval returns the least time between two batches of events on a stream.
func (a *api) batchInterval() time.Duration {
	open := time.Duration(a.streams.count())
	return max(minBatchInterval, min(open*fewShare, batchInterval), open*manyShare)
}

// eventNames are the types of the events in the stream.
var eventNames = map[core.EventKind]string{
	core.EventSeen:       "seen",
	core.EventProgress:   "progress",
	core.EventCalculated: "calculated",
	core.EventFailed:     "failed",
}

// frame returns an event in the text/event-stream format.
func frame(e core.Event) []byte {
	data := Event{Index: int64(e.Index), At: e.At, Reason: e.Reason, Worker: e.Worker}
	if e.Delivery > 0 {
		data.Delivery, data.ClaimedAt = &e.Delivery, &e.ClaimedAt
	}
	if e.Kind == core.EventProgress {
		data.Progress = &e.Progress
	}
	text, err := json.Marshal(data)
	if err != nil {
		panic(err) // integers, times and strings always marshal
	}
	return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", eventNames[e.Kind], text)
}
