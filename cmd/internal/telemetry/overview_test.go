package telemetry_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
	"github.com/pisano-dev/pisano/core"
)

func TestOverview_IsMeasuredAsFarAsItIsKnown(t *testing.T) {
	t.Parallel()
	var seen core.Overview
	watch := telemetry.New("test")
	watch.Watch(func(context.Context) core.Overview { return seen })
	scrape := func() string {
		w := httptest.NewRecorder()
		watch.Serve(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
		return w.Body.String()
	}
	for _, text := range []string{"pisano_backlog", "pisano_workers"} {
		if strings.Contains(scrape(), text) {
			t.Errorf("%s is there, which can't be told", text)
		}
	}
	workers := 0
	seen = core.Overview{Workers: &workers, Backlog: &core.Backlog{Tasks: 3, All: 1500 * time.Millisecond}}
	for _, line := range []string{"\npisano_backlog_indices 3\n", "\npisano_backlog_seconds 1.5\n", "\npisano_workers_alive 0\n"} {
		if !strings.Contains(scrape(), line) {
			t.Errorf("the metrics do not have%s", line)
		}
	}
}
