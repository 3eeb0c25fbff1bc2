package porttest

import (
	"context"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

const (
	// hangTimeout bounds every wait for something that must come. Only a hang
	// exceeds it, even on a slow and busy machine.
	hangTimeout = 3 * time.Minute
	// batch is the size of a large batch: more than any caller passes at once.
	batch = 5000
)

// noon is a time in the precision that ports keep.
var noon = time.Date(2026, 1, 2, 12, 0, 0, 123456000, time.UTC)

// sequence returns count indices from first on.
func sequence(first core.Index, count int) []core.Index {
	indices := make([]core.Index, count)
	for i := range indices {
		indices[i] = first + core.Index(i)
	}
	return indices
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind core.Kind) {
	t.Helper()
	if core.KindOf(err) != kind {
		t.Errorf("error %v, want one that is %v", err, kind)
	}
}

// canceled checks that each call fails with KindCanceled once its context is cancelled.
func canceled(t *testing.T, calls map[string]func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range calls {
		if err := call(ctx); err == nil || core.KindOf(err) != core.KindCanceled {
			t.Errorf("%s with a cancelled context: error %v, want one that is %v", name, err, core.KindCanceled)
		}
	}
}

// second returns the error of a call that returns something besides.
func second[T any](_ T, err error) error { return err }
