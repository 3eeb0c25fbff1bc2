package pisano_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"testing"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

// await returns the next event of a kind. It fails the test if the stream ends first.
func await(t *testing.T, next func() (pisano.StreamEvent, error, bool), kind pisano.EventKind) pisano.StreamEvent {
	t.Helper()
	for {
		event, err, more := next()
		if err != nil || !more {
			t.Fatalf("waited for %s: %v", kind, err)
		}
		if event.Kind == kind {
			return event
		}
	}
}

// callContext returns the context of a call. Only a hang exceeds its deadline.
func callContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hangTimeout)
	t.Cleanup(cancel)
	return ctx
}

func TestEvents_ReportTheStatesOfAnIndex(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	next, stop := iter.Pull2(api.Events(callContext(t)))
	defer stop()
	await(t, next, pisano.EventRefetch)
	if _, err := api.Submit(t.Context(), 5_000_000); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []pisano.EventKind{pisano.EventSeen, pisano.EventCalculated} {
		event := await(t, next, kind)
		if event.Index != 5_000_000 || event.At.IsZero() {
			t.Errorf("%+v", event)
		}
	}
}

func TestEvents_ResumeAfterAnOutageWithARefetch(t *testing.T) {
	t.Parallel()
	s, api := start(t)
	next, stop := iter.Pull2(api.Events(callContext(t)))
	defer stop()
	await(t, next, pisano.EventRefetch)
	s.restart()
	await(t, next, pisano.EventRefetch)
	if _, err := api.Submit(t.Context(), 42); err != nil {
		t.Fatal(err)
	}
	if event := await(t, next, pisano.EventCalculated); event.Index != 42 {
		t.Errorf("%+v", event)
	}
}

func TestEvents_EndIfTheServerRefuses(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	api, err := pisano.New(other.URL)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, err := range api.Events(callContext(t)) {
		var p *pisano.ProblemError
		if count++; !errors.As(err, &p) || p.Kind != pisano.ProblemKindNotFound {
			t.Errorf("%v", err)
		}
	}
	if count != 1 {
		t.Errorf("%d events", count)
	}
}

func TestEvents_EndWithTheirContext(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	ctx, cancel := context.WithCancel(callContext(t))
	defer cancel()
	var last error
	for _, err := range api.Events(ctx) {
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("the last error is %v", last)
	}
}
