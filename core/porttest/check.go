package porttest

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// hangTimeout bounds every wait for something that must come. Only a hang exceeds it, even on a slow and busy machine.
const hangTimeout = 3 * time.Minute

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
