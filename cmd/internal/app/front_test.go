package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func TestFront_HoldsRequestsUntilTheStartIsComplete(t *testing.T) {
	t.Parallel()
	const teapot = http.StatusTeapot // by which the started program is told apart
	for name, c := range map[string]struct {
		path       string
		starts     time.Duration // when the start is complete
		drains     time.Duration // when the shutdown begins; 0: not in this test
		wantStatus int
		wantAfter  time.Duration
	}{
		"a start that takes its time":   {"/api/values/30", 10 * time.Second, 0, teapot, 10 * time.Second},
		"a start that takes too long":   {"/api/values/30", time.Hour, 0, http.StatusServiceUnavailable, startTimeout},
		"a start that is broken off":    {"/api/values/30", time.Hour, time.Second, http.StatusServiceUnavailable, time.Second},
		"a question for life":           {"/healthz", time.Hour, 0, http.StatusOK, 0},
		"a question whether it is done": {"/api/readyz", time.Hour, 0, http.StatusServiceUnavailable, 0},
		"after the start":               {"/api/values/30", 0, 0, teapot, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &front{
					starting: httpapi.NewStartup(slog.New(slog.DiscardHandler)),
					started:  make(chan struct{}), draining: make(chan struct{}),
					handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(teapot) }),
				}
				begin := time.Now()
				time.AfterFunc(c.starts, func() { close(f.started) })
				if c.drains > 0 {
					time.AfterFunc(c.drains, func() { close(f.draining) })
				}
				synctest.Wait() // until a start that takes no time is complete
				answer := httptest.NewRecorder()
				f.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.path, nil))
				if answer.Code != c.wantStatus || time.Since(begin) != c.wantAfter {
					t.Errorf("status %d after %v, want %d after %v", answer.Code, time.Since(begin), c.wantStatus, c.wantAfter)
				}
			})
		})
	}
}
