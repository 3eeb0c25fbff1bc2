package core_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

func TestKindOf_IsThatOfTheOutermostError(t *testing.T) {
	t.Parallel()
	notFound := core.NewError(core.KindNotFound, "There is no such index.")
	for _, c := range []struct {
		name string
		err  error
		kind core.Kind
	}{
		{"nil", nil, core.KindNone},
		{"a kind", notFound, core.KindNotFound},
		{"a kind in a chain", fmt.Errorf("look up: %w", notFound), core.KindNotFound},
		{"a kind that wraps another", core.WrapError(core.KindInternal, "The record is gone.", notFound), core.KindInternal},
		{"no kind", errors.New("plain"), core.KindInternal},
		{"an Error without a kind", &core.Error{Message: "No kind."}, core.KindInternal},
		{"an Error without a kind that wraps another", &core.Error{Message: "No kind.", Cause: notFound}, core.KindInternal},
		{"a canceled context", fmt.Errorf("look up: %w", context.Canceled), core.KindCanceled},
		{"a canceled context with another kind", core.WrapError(core.KindUnavailable, "Away.", context.Canceled), core.KindCanceled},
		{"a deadline", fmt.Errorf("look up: %w", context.DeadlineExceeded), core.KindUnavailable},
	} {
		if got := core.KindOf(c.err); got != c.kind {
			t.Errorf("%s: kind %v, want %v", c.name, got, c.kind)
		}
		if got, want := core.IsNotFound(c.err), c.kind == core.KindNotFound; got != want {
			t.Errorf("%s: IsNotFound = %t, want %t", c.name, got, want)
		}
	}
}

func TestError_ReadsAsOneSentenceWithItsCause(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"The disk is full.":        core.NewError(core.KindUnavailable, "The disk is full."),
		"The disk is full: ENOSPC": core.WrapError(core.KindUnavailable, "The disk is full.", errors.New("ENOSPC")),
		"Not opened: The disk is full: ENOSPC": core.WrapError(core.KindUnavailable, "Not opened.",
			core.WrapError(core.KindUnavailable, "The disk is full.", errors.New("ENOSPC"))),
	} {
		if got := err.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestKind_NamesAreDistinct(t *testing.T) {
	t.Parallel()
	seen := make(map[string]core.Kind)
	for k := core.KindNone; k <= core.KindCanceled; k++ {
		if other, taken := seen[k.String()]; taken || k.String() == "" {
			t.Errorf("kinds %d and %d are both named %q", other, k, k)
		}
		seen[k.String()] = k
	}
	for _, k := range []core.Kind{-1, core.KindCanceled + 1} {
		if got := k.String(); got != core.KindInternal.String() {
			t.Errorf("unknown kind %d is named %q", int(k), got)
		}
	}
}
