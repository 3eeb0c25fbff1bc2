package httpapi

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// The check hangs, although its context has ended.
func TestHealthCheck_NobodyWaitsForItLongerThanTheirContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		runs := 0
		check := HealthCheck(func(context.Context) core.Health {
			runs++
			<-hang
			return core.Health{}
		}).cached()
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if health := check(ctx); health.IndexStore == nil || health.ValueCache == nil || health.WorkQueue == nil {
				t.Errorf("a check that does not return tells %+v", health)
			}
			cancel()
		}
		close(hang)
		if health := check(t.Context()); health != (core.Health{}) {
			t.Errorf("a check that found nothing wrong tells %+v", health)
		}
		if runs != 1 {
			t.Errorf("the check ran %d times at a time", runs)
		}
	})
}
