package pisano_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

func TestNew_WrongAddressIsRefused(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"localhost:8080/api", "/api", "", "ftp://localhost/api", "http://", "not a URL", "http://host/api?key=secret", "http://host/api#part",
		"http://user:secret@host/api?x=y", "http://host:port/api?key=secret",
	} {
		_, err := pisano.New(address)
		if err == nil || !strings.Contains(err.Error(), "is not the address of an API") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestProblem_AtAWrongAddressNamesTheAddress(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	for _, path := range []string{"/api/v1", "/apis"} {
		_, err := client(t, s.url+path).Submit(t.Context(), 1)
		var p *pisano.ProblemError
		if !errors.As(err, &p) || !strings.Contains(p.Detail, s.url+path+"/indices") || !strings.Contains(p.Detail, "Check the address") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestProblem_OfARangeBeyondTheEndSpeaksOfDigits(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	calculated(t, api, 10)
	_, err := api.DigitRange(t.Context(), 10, 2, 5)
	if err == nil || !strings.Contains(err.Error(), "F(10) has 2 digits") || strings.Contains(err.Error(), "bytes") {
		t.Errorf("%v", err)
	}
}

func TestValues_PrintReadably(t *testing.T) {
	t.Parallel()
	long := pisano.Value{Index: -1000, Sign: -1, DigitCount: 209, Leading: "43466", Trailing: "28875"}
	for want, value := range map[string]any{
		"F(10) = 55":                          pisano.ValueState{Index: 10, State: pisano.StateCalculated, Value: "55"},
		"F(-1000) = -43466…28875, 209 digits": long,
		"F(7) is pending":                     pisano.ValueState{Index: 7, State: pisano.StatePending},
		"F(7) is calculating, 40 %":           pisano.ValueState{Index: 7, State: pisano.StateCalculating, Progress: 0.4},
		"F(7) failed: It was too hot.":        pisano.ValueState{Index: 7, State: pisano.StateFailed, Reason: "It was too hot."},
		"F(7) is calculated, submitted once":  pisano.SeenIndex{Index: 7, State: pisano.StateCalculated, Submissions: 1},
		"F(7) is pending, submitted 2 times":  pisano.SeenIndex{Index: 7, State: pisano.StatePending, Submissions: 2},
		"refetch":                             pisano.StreamEvent{Kind: pisano.EventRefetch},
		"seen F(7)":                           pisano.StreamEvent{Kind: pisano.EventSeen, Event: pisano.Event{Index: 7}},
		"progress F(7) 40 %":                  pisano.StreamEvent{Kind: pisano.EventProgress, Event: pisano.Event{Index: 7, Progress: 0.4}},
		"failed F(7): It was too hot.":        pisano.StreamEvent{Kind: pisano.EventFailed, Event: pisano.Event{Index: 7, Reason: "It was too hot."}},
		"[F(1) = 1 F(0) = 0]":                 []pisano.Value{{Index: 1, Value: "1", Sign: 1}, {Value: "0"}},
	} {
		if got := fmt.Sprint(value); got != want {
			t.Errorf("printed %q, want %q", got, want)
		}
	}
}
