package httpapi_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestExamples_AreWhatTheServerReturns(t *testing.T) {
	t.Parallel()
	// The request that reproduces each example, with its preparation.
	asked := map[string]func(t *testing.T, body string) answer{
		"submitIndex 202 one":        submitted(),
		"submitIndex 202 several":    submitted(),
		"submitIndex 200 calculated": submitted(10),
		"listIndices 200 page":       pending("/indices", 1000, -8),
		"listValues 200 page":        reading("/values", 10),
		"getValue 200 calculated":    reading("/values/10", 10),
		"getValue 200 long":          reading("/values/10000", 10_000),
		"getValue 200 pending":       pending("/values/1000", 1000),
		"getValue 404 notSeen":       pending("/values/77"),
		"getEstimate 200 small":      pending("/estimates/1000"),
		"getNumber 200 ten":          pending("/numbers/10"),
		"listNumbers 200 two":        pending("/numbers?from=9&to=10"),
		"getRemainder 200 steps":     pending("/numbers/10/mod/7?steps=true"),
		"getPeriod 200 ten":          pending("/periods/10"),
		"getInverse 200 fibonacci":   pending("/inverse/832040"),
		"getInverse 200 other":       pending("/inverse/100"),
		"getZeckendorf 200 hundred":  pending("/zeckendorf/100"),
		"findInverse 200 one": func(t *testing.T, body string) answer {
			return newTestServer(t, nil).ask(http.MethodPost, "/inverse", body, "Content-Type: application/json")
		},
		"getStatus 200 well":        well,
		"getStatus 200 unwell":      unwell,
		"getHealth 200 alive":       pending("/healthz"),
		"getReadiness 200 ready":    pending("/readyz"),
		"getReadiness 503 notReady": unready,
	}
	for path, operations := range parsedDocument(t).Paths {
		for _, op := range operations {
			for status, response := range op.Responses {
				for mediaType, media := range response.Content {
					if mediaType == "application/json" && len(media.Examples) == 0 {
						t.Errorf("%s: the response %s has no example", op.OperationID, status)
					}
					for name, example := range media.Examples {
						key := op.OperationID + " " + status + " " + name
						ask := asked[key]
						delete(asked, key)
						if ask == nil {
							t.Errorf("%s: nothing tests the example %s", path, key)
							continue
						}
						request := op.RequestBody.Content["application/json"].Examples[name].Value
						t.Run(key, func(t *testing.T) {
							t.Parallel()
							body, err := json.Marshal(request)
							if err != nil {
								t.Fatal(err)
							}
							a := ask(t, string(body))
							if strconv.Itoa(a.StatusCode) != status {
								t.Errorf("status %d", a.StatusCode)
							}
							if got, want := lasting(t, []byte(a.text)), lasting(t, asJSON(t, example.Value)); !reflect.DeepEqual(got, want) {
								t.Errorf("the server returns %v\nthe document has %v", got, want)
							}
						})
					}
				}
			}
		}
	}
	for key := range asked {
		t.Errorf("the document has no example %s", key)
	}
}

// submitted submits the body after the given values have been calculated.
func submitted(there ...core.Index) func(*testing.T, string) answer {
	return func(t *testing.T, body string) answer {
		s := newTestServer(t, nil)
		if len(there) > 0 {
			s.calculated(there...)
		}
		return s.submit(body)
	}
}

// reading gets path after the given values have been calculated.
func reading(path string, there ...core.Index) func(*testing.T, string) answer {
	return func(t *testing.T, _ string) answer {
		s := newTestServer(t, nil)
		s.calculated(there...)
		return s.get(path)
	}
}

// pending gets path after the given indices have been submitted, without a
// worker.
func pending(path string, indices ...core.Index) func(*testing.T, string) answer {
	return func(t *testing.T, _ string) answer {
		s := newTestServer(t, nil)
		for _, n := range indices {
			s.submit(`{"index": ` + n.String() + `}`).want(http.StatusAccepted)
		}
		return s.get(path)
	}
}

// unready gets the readiness of a server whose cache is unavailable.
func unready(t *testing.T, _ string) answer {
	s := newTestServer(t, func(s *testServer) { s.intercept("ValueCache.Ping", intercept.Fail(errSecret)) })
	return s.get("/readyz")
}

// well gets the status of a service with two workers and no backlog.
func well(t *testing.T, _ string) answer {
	s := newTestServer(t, nil)
	s.startWorker()
	s.startWorker()
	s.awaitWorkers(2)
	return s.get("/status")
}

// unwell gets the status of a service with a backlog, without a cache and
// without a worker.
func unwell(t *testing.T, _ string) answer {
	s := newTestServer(t, func(s *testServer) { s.intercept("ValueCache.Ping", intercept.Fail(errSecret)) })
	s.submit(`{"indices": [1000, 2000, 3000]}`).want(202)
	return s.get("/status")
}

func asJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// lasting returns a response without what differs each time.
func lasting(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	strip(value)
	return value
}

func strip(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			strip(item)
		}
	case map[string]any:
		for name, member := range v {
			switch name {
			case "firstSeenAt", "lastSeenAt", "calculatedAt", "durationMs", "instance", "seconds":
				v[name] = reflect.TypeOf(member).String() // any value
			case "workers":
				v[name] = len(member.([]any)) // of any name
			default:
				strip(member)
			}
		}
	}
}
