package httpapi_test

import (
	"context"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

func TestHealth_IsOfTheProcessAndReadinessOfItsDependencies(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	if a := s.get("/healthz").want(200); strings.TrimSpace(a.text) != `{"status":"ok"}` {
		t.Errorf("healthz: %s", a.text)
	}
	ready := decode[httpapi.Readiness](s.get("/readyz").want(200))
	if ready.Status != "ready" || len(ready.Dependencies) != 3 {
		t.Errorf("readyz: %+v", ready)
	}
	for _, d := range ready.Dependencies {
		if d.Status != "ok" {
			t.Errorf("readyz: %+v", d)
		}
	}
}

func TestHealth_IsNotReadyWhileADependencyIsUnavailable(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, func(s *testServer) { s.intercept("ValueCache.Ping", intercept.Fail(errSecret)) })
	s.get("/healthz").want(200)
	a := s.get("/readyz").want(503)
	ready := decode[httpapi.Readiness](a)
	if ready.Status != "notReady" || strings.Contains(a.text, "secret-host") {
		t.Errorf("readyz: %s", a.text)
	}
	for _, d := range ready.Dependencies {
		if (d.Status == "ok") != (d.Name != "valueCache") {
			t.Errorf("readyz: %+v", d)
		}
	}
}

func TestHealth_AloneServesNothingElse(t *testing.T) {
	t.Parallel()
	healthy := func(context.Context) core.Health { return core.Health{} }
	s := &testServer{t: t, url: serve(t, httpapi.NewHealth(healthy, quiet))}
	s.get("/healthz").want(200)
	if a := s.get("/readyz").want(200); strings.TrimSpace(a.text) != `{"status":"ready","dependencies":[{"name":"indexStore","status":"ok"},{"name":"valueCache","status":"ok"},{"name":"workQueue","status":"ok"}]}` {
		t.Errorf("readyz: %s", a.text)
	}
	for _, path := range []string{"/indices", "/openapi.json", "/docs", "/"} {
		s.get(path).problem(404)
	}
}
