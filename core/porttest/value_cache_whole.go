package porttest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// putWhole reads a value from before its Put until after it.
func putWhole(t *testing.T, c DamageableCache) {
	for n := range core.Index(10) {
		v := valueOf(t, n, longText, noon)
		readWhilePut(t, c, v)
		wantDigits(t, c, n, longText)
	}
}

func readWhilePut(t *testing.T, c core.ValueCache, v core.Value) {
	t.Helper()
	var writer sync.WaitGroup
	defer writer.Wait() // also when a read fails the test
	writer.Go(func() {
		if err := c.Put(t.Context(), v); err != nil {
			t.Errorf("Put: %v", err)
		}
	})
	for range 20 {
		wantWholeOrNone(t, c, v)
	}
}

// putCanceled cancels a Put at different times after it began.
func putCanceled(t *testing.T, c DamageableCache) {
	for n := range core.Index(10) {
		v := valueOf(t, n, longText, noon)
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n)*200*time.Microsecond)
		err := c.Put(ctx, v)
		cancel()
		stored := wantWholeOrNone(t, c, v)
		if err == nil && !stored {
			t.Error("Put returned nil and stored nothing")
		}
	}
}

// wantWholeOrNone reads a value that may not be stored, and reports whether it is.
func wantWholeOrNone(t *testing.T, c core.ValueCache, v core.Value) bool {
	t.Helper()
	found, err := c.Summaries(t.Context(), v.Index)
	must(t, err)
	summary, stored := found[v.Index]
	if stored && summary != v.Summary() {
		t.Errorf("part of a value was read: its summary is %+v", summary)
	}
	if stored {
		wantDigits(t, c, v.Index, v.Magnitude.String())
	}
	return stored
}
