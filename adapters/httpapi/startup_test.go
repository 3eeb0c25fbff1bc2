package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func TestStartup_IsAliveNotReadyAndAsksToRetry(t *testing.T) {
	t.Parallel()
	s := &testServer{t: t, url: serve(t, httpapi.NewStartup(quiet))}
	s.get("/healthz").want(200)
	a := s.get("/readyz").want(503)
	if ready := decode[httpapi.Readiness](a); ready.Status != "notReady" || len(ready.Dependencies) == 0 {
		t.Errorf("readyz: %s", a.text)
	}
	for _, path := range []string{"/indices", "/values/10", "/values/10/digits", "/values", "/status", "/events"} {
		a := s.get(path)
		if p := a.problem(503); p.Kind != "unavailable" || !strings.Contains(p.Detail, "starting") {
			t.Errorf("%s: %+v", path, p)
		}
		a.wantHeader("Retry-After", "2")
	}
	s.submit(`{"index": 10}`).problem(503)
}

func TestStartup_AnswersWhereTheFrontDoorWill(t *testing.T) {
	t.Parallel()
	url := serve(t, httpapi.NewStartup(quiet))
	for path, want := range map[string]int{"/api/healthz": 200, "/api/readyz": 503, "/api/values/10": 503, "/": 503, "/explore": 503} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
}
