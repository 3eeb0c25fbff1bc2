package porttest

import (
	"testing"

	"github.com/pisano-dev/pisano/core"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind core.Kind) {
	t.Helper()
	if err == nil || core.KindOf(err) != kind {
		t.Errorf("error %v, want one that is %v", err, kind)
	}
}
