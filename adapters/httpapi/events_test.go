package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
)

// stream reads server-sent events.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
	stop  context.CancelFunc
}

type sentEvent struct {
	kind string
	data httpapi.Event
}

// listen opens /events and reads up to the first event.
func (s *testServer) listen(fields ...string) *stream {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.t.Context(), hangTimeout)
	s.t.Cleanup(stop)
	response, err := transport.RoundTrip(s.request(http.MethodGet, "/events", "", fields...).WithContext(ctx))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = response.Body.Close() })
	a := answer{Response: response, t: s.t}
	checkDocumented(a, "")
	a.want(200).wantHeader("Content-Type", "text/event-stream").wantHeader("Cache-Control", "no-store, no-transform").wantHeader("X-Accel-Buffering", "no")
	events := &stream{t: s.t, lines: bufio.NewScanner(response.Body), stop: stop}
	if first := events.block(); len(first) != 1 || first[0] != "retry: 1000" {
		s.t.Fatalf("the stream begins with %q", first)
	}
	return events
}

// block returns the lines up to an empty line, or none at the end of the stream.
func (s *stream) block() []string {
	var lines []string
	for s.lines.Scan() && s.lines.Text() != "" {
		lines = append(lines, s.lines.Text())
	}
	return lines
}

func (s *stream) next() sentEvent {
	s.t.Helper()
	lines := s.block()
	if len(lines) != 2 {
		s.t.Fatalf("an event has the lines %q (%v)", lines, s.lines.Err())
	}
	kind, isEvent := strings.CutPrefix(lines[0], "event: ")
	data, isData := strings.CutPrefix(lines[1], "data: ")
	if !isEvent || !isData {
		s.t.Fatalf("an event has the lines %q", lines)
	}
	e := sentEvent{kind: kind}
	d := json.NewDecoder(strings.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&e.data); err != nil {
		s.t.Fatalf("%v: %s", err, data)
	}
	return e
}

func TestEvents_ReportSubmissionProgressAndResult(t *testing.T) {
	t.Parallel()
	finish := make(chan struct{})
	s := newTestServer(t, func(s *testServer) { s.intercept("Calculator.Calculate", halfWay(finish)) })
	first, second := s.listen(), s.listen()
	s.submit(`{"index": -8}`).want(202)
	s.startWorker()
	for _, events := range []*stream{first, second} {
		seen := events.next()
		if seen.kind != "seen" || seen.data.Index != -8 || seen.data.Progress != nil || seen.data.Reason != "" {
			t.Errorf("submission: %+v", seen)
		}
		if age := time.Since(seen.data.At); age < 0 || age > hangTimeout {
			t.Errorf("seen at %v", seen.data.At)
		}
		progress := events.next()
		if progress.kind != "progress" || progress.data.Index != -8 || progress.data.Progress == nil || *progress.data.Progress != 0.5 {
			t.Errorf("calculation: %+v", progress)
		}
	}
	close(finish)
	for _, events := range []*stream{first, second} {
		calculated := events.next()
		if calculated.kind != "calculated" || calculated.data.Index != -8 || calculated.data.Progress != nil {
			t.Errorf("result: %+v", calculated)
		}
	}
}

func TestEvents_ReportAFailureWithItsReason(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	events := s.listen()
	event := core.Event{Kind: core.EventFailed, Index: 5, At: time.Now().UTC(), Reason: "It was\ntoo hot."}
	if err := s.ports.Events.Publish(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	if failed := events.next(); failed.kind != "failed" || failed.data.Reason != event.Reason || !failed.data.At.Equal(event.At) {
		t.Errorf("failure: %+v", failed)
	}
}

func TestEvents_TellTheWorkerAndTheDelivery(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	events := s.listen()
	at := time.Date(2026, 11, 24, 10, 0, 0, 1000, time.UTC)
	if err := s.ports.Events.Publish(t.Context(),
		core.Event{Kind: core.EventProgress, Index: 5, At: at, Worker: "one", Delivery: 2, ClaimedAt: at},
		core.Event{Kind: core.EventProgress, Index: 6, At: at},
	); err != nil {
		t.Fatal(err)
	}
	if e := events.next().data; e.Worker != "one" || e.Delivery == nil || *e.Delivery != 2 || e.ClaimedAt == nil || !e.ClaimedAt.Equal(at) {
		t.Errorf("of the second delivery: %+v", e)
	}
	if e := events.next().data; e.Worker != "" || e.Delivery != nil || e.ClaimedAt != nil {
		t.Errorf("of an unknown one: %+v", e)
	}
}

func TestEvents_EndForAClientThatFallsBehind(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	slow := s.listen()
	for k := range core.Index(100) {
		events := make([]core.Event, 1000) // more than the server buffers for a client
		for i := range events {
			events[i] = core.Event{Kind: core.EventFailed, Index: 1000*k + core.Index(i), Reason: strings.Repeat("x", 1000)}
		}
		if err := s.ports.Events.Publish(t.Context(), events...); err != nil {
			t.Fatal(err)
		}
	}
	for len(slow.block()) > 0 {
	}
	if err := slow.lines.Err(); err != nil {
		t.Errorf("the stream did not end, but: %v", err)
	}
	// The client can reconnect.
	s.listen()
}

// A batch that comes event by event must not cost every stream a packet for each.
func TestEvents_InQuickSuccessionShareAPacket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ports := memory.NewPorts(fibonacci.Calculator{}, time.Minute)
		answer := new(flushed)
		listenIn(t, ports, answer)
		publish := func(count int) {
			for n := range core.Index(count) {
				if err := ports.Events.Publish(t.Context(), core.Event{Index: n}); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
			}
		}
		publish(1)
		if sent := answer.sent.String(); !strings.Contains(sent, `"index":0`) {
			t.Errorf("the first event is not sent at once: %q", sent)
		}
		before := answer.flushes.Load()
		publish(1000)
		time.Sleep(50 * time.Millisecond)
		synctest.Wait()
		if n := strings.Count(answer.sent.String(), "event: "); n != 1001 {
			t.Errorf("%d of 1001 events were sent within 50 ms", n)
		}
		if packets := answer.flushes.Load() - before; packets > 5 {
			t.Errorf("1000 events were sent in %d packets", packets)
		}
	})
}

// What all streams are sent together is bounded: the more there are, the more
// events share a packet.
func TestEvents_ManyStreamsAreSentFewerPacketsEach(t *testing.T) {
	t.Parallel()
	for streams, interval := range map[int]time.Duration{200: 50 * time.Millisecond, 2000: 100 * time.Millisecond} {
		t.Run(strconv.Itoa(streams), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { testPackets(t, streams, interval) })
		})
	}
}

// testPackets checks that each of many streams is sent all events of a second, and
// no more packets than one in each interval.
func testPackets(t *testing.T, streams int, interval time.Duration) {
	ports := memory.NewPorts(fibonacci.Calculator{}, time.Minute)
	broadcaster := core.NewBroadcaster(ports.Events, quiet)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go broadcaster.Run(ctx)
	<-broadcaster.Connected()
	handler := httpapi.New(core.NewService(ports, broadcaster, core.Limits{}, quiet), software, httpapi.Options{}, quiet)
	answers := make([]*flushed, streams)
	for i := range answers {
		answers[i] = new(flushed)
		request := httptest.NewRequestWithContext(ctx, http.MethodGet, "/events", nil)
		request.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", i%250)
		go handler.ServeHTTP(answers[i], request)
	}
	synctest.Wait()
	for n := range core.Index(100) {
		if err := ports.Events.Publish(t.Context(), core.Event{Index: n}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(time.Second)
	synctest.Wait()
	most := int64(time.Second/interval) + 3 // the preamble, the first event, and the rest
	for i, answer := range answers {
		events, packets := strings.Count(answer.sent.String(), "event: "), answer.flushes.Load()
		if events != 100 || packets > most {
			t.Fatalf("stream %d got %d of 100 events in %d packets, want at most %d", i, events, packets, most)
		}
	}
}

// The answer to a submission follows its first event closely, and a page waits for it.
func TestEvents_AreHeldBackForMillisecondsWhereStreamsAreFew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ports := memory.NewPorts(fibonacci.Calculator{}, time.Minute)
		answer := new(flushed)
		listenIn(t, ports, answer)
		for _, kind := range []core.EventKind{core.EventSeen, core.EventCalculated} {
			if err := ports.Events.Publish(t.Context(), core.Event{Kind: kind, Index: 10}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
		if sent := answer.sent.String(); !strings.Contains(sent, "event: calculated") {
			t.Errorf("the second event is not sent within 10 ms: %q", sent)
		}
	})
}

// listenIn opens a stream of events in a synctest bubble.
func listenIn(t *testing.T, ports core.Ports, answer http.ResponseWriter) {
	broadcaster := core.NewBroadcaster(ports.Events, quiet)
	ctx, stop := context.WithCancel(t.Context())
	go broadcaster.Run(ctx)
	<-broadcaster.Connected()
	handler := httpapi.New(core.NewService(ports, broadcaster, core.Limits{}, quiet), software, httpapi.Options{}, quiet)
	go handler.ServeHTTP(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, "/events", nil))
	synctest.Wait()
	t.Cleanup(stop)
}

// Some proxies close a connection that is idle for 30 seconds.
func TestEvents_IdleStreamsSendHeartbeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answer := new(flushed)
		listenIn(t, memory.NewPorts(fibonacci.Calculator{}, time.Minute), answer)
		for range 5 {
			synctest.Wait()
			before := len(answer.sent.String())
			time.Sleep(29 * time.Second)
			synctest.Wait()
			if said := answer.sent.String()[before:]; !strings.HasPrefix(said, ": ") || !strings.HasSuffix(said, "\n\n") {
				t.Errorf("within 29 s the stream sends %q", said)
			}
		}
	})
}

// flushed is a response writer that sends only what has been flushed.
type flushed struct {
	header        http.Header
	pending, sent lockedBuffer
	flushes       atomic.Int64
}

func (f *flushed) Header() http.Header {
	if f.header == nil {
		f.header = make(http.Header)
	}
	return f.header
}
func (f *flushed) WriteHeader(int)             {}
func (f *flushed) Write(p []byte) (int, error) { return f.pending.Write(p) }
func (f *flushed) Flush() {
	f.flushes.Add(1)
	_, _ = f.sent.Write([]byte(f.pending.String()[len(f.sent.String()):]))
}

// A response to HEAD has no body that could make the client disconnect.
func TestEvents_AnswerHEADAtOnce(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	done := make(chan *httptest.ResponseRecorder, 1)
	go func() {
		answer := httptest.NewRecorder()
		s.handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/events", nil))
		done <- answer
	}()
	select {
	case answer := <-done:
		if kind := answer.Header().Get("Content-Type"); answer.Code != http.StatusOK || kind != "text/event-stream" {
			t.Errorf("HEAD: %d, %s", answer.Code, kind)
		}
	case <-time.After(hangTimeout):
		t.Error("there is no response to HEAD")
	}
}

// halfWay reports progress once, half way, and then waits for finish.
func halfWay(finish <-chan struct{}) intercept.Interceptor {
	return func(ctx context.Context, call intercept.Call) error {
		progress := intercept.Arg[func(float64)](call)
		(*progress)(0.5)
		*progress = nil
		select {
		case <-finish:
		case <-ctx.Done():
		}
		return call.Next(ctx)
	}
}
