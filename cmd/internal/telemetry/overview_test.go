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
	for _, text := range []string{"pisano_backlog", "pisano_workers", "pisano_pending", "pisano_recovery"} {
		if strings.Contains(scrape(), text) {
			t.Errorf("%s is there, which can't be told", text)
		}
	}
	lost := 7
	seen = core.Overview{
		Workers: []core.WorkerInfo{}, Lost: &lost, Pending: &core.Pending{Count: 4, Oldest: 90 * time.Second},
		Backlog: &core.Backlog{Tasks: 3, All: 1500 * time.Millisecond, Recovery: 250 * time.Millisecond},
	}
	for _, line := range []string{
		"\npisano_backlog_indices 3\n", "\npisano_backlog_seconds 1.5\n", "\npisano_workers_alive 0\n",
		"\npisano_pending_indices 4\n", "\npisano_pending_oldest_seconds 90\n",
		"\npisano_recovery_lost_values 7\n", "\npisano_recovery_seconds 0.25\n",
	} {
		if !strings.Contains(scrape(), line) {
			t.Errorf("the metrics do not have%s", line)
		}
	}
}
