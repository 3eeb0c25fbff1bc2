package intercept_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
)

// reopen calls a method, which on an empty store fails with KindNotFound.
func reopen(ctx context.Context, i intercept.Interceptor) error {
	return intercept.Ports(core.Ports{Store: new(memory.IndexStore)}, i).Store.Reopen(ctx, 1)
}

func TestOn_AppliesToAPortOrAMethod(t *testing.T) {
	t.Parallel()
	for name, applies := range map[string]bool{
		"IndexStore": true, "IndexStore.Reopen": true, "IndexStore.Record": false, "ValueCache": false, "Calculator.Estimate": false,
	} {
		if err := reopen(t.Context(), intercept.On(name, intercept.Fail(errBroken))); errors.Is(err, errBroken) != applies {
			t.Errorf("on %s: %v", name, err)
		}
	}
}

func TestDrop_ReportsSuccess(t *testing.T) {
	t.Parallel()
	if err := reopen(t.Context(), intercept.Drop); err != nil {
		t.Error(err)
	}
}

func TestOn_RefusesUnknownNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Store", "IndexStore.", "IndexStore.Reopened", "Reopen"} {
		wantPanic(t, name, func() { intercept.On(name, intercept.Hang) })
	}
}

func TestArgAndResult_RefuseOtherTypes(t *testing.T) {
	t.Parallel()
	call := intercept.Call{Name: "IndexStore.Reopen", Args: []any{new(core.Index)}}
	wantPanic(t, "IndexStore.Reopen takes no string", func() { intercept.Arg[string](call) })
	wantPanic(t, "IndexStore.Reopen returns no bool", func() { intercept.Result[bool](call) })
}

func wantPanic(t *testing.T, message string, do func()) {
	t.Helper()
	defer func() {
		if text, ok := recover().(string); !ok || !strings.Contains(text, message) {
			t.Errorf("panics with %q, want %q in it", text, message)
		}
	}()
	do()
}

func TestWhen_AppliesWhileTheConditionHolds(t *testing.T) {
	t.Parallel()
	broken := false
	i := intercept.When(func() bool { return broken }, intercept.Fail(errBroken))
	for _, broken = range []bool{false, true, false} {
		if err := reopen(t.Context(), i); errors.Is(err, errBroken) != broken {
			t.Errorf("broken %v: %v", broken, err)
		}
	}
}

func TestBefore_RunsBeforeTheCall(t *testing.T) {
	t.Parallel()
	runs := 0
	if err := reopen(t.Context(), intercept.Before(func() { runs++ })); !core.IsNotFound(err) || runs != 1 {
		t.Errorf("after %d runs: %v", runs, err)
	}
}

func TestDelay_IsCutShortByTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		if err := reopen(t.Context(), intercept.Delay(time.Minute)); !core.IsNotFound(err) || time.Since(begin) != time.Minute {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		for name, i := range map[string]intercept.Interceptor{"Delay": intercept.Delay(time.Minute), "Hang": intercept.Hang} {
			begin, ctx := time.Now(), contextFor(t, time.Second)
			if err := reopen(ctx, i); core.KindOf(err) != core.KindUnavailable || time.Since(begin) != time.Second {
				t.Errorf("%s, after %v: %v", name, time.Since(begin), err)
			}
		}
	})
}

func TestDelay_FailsAsCanceledWithACanceledContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, i := range map[string]intercept.Interceptor{"Delay": intercept.Delay(time.Hour), "Hang": intercept.Hang} {
		if err := reopen(ctx, i); core.KindOf(err) != core.KindCanceled {
			t.Errorf("%s: error %v, want one that is %v", name, err, core.KindCanceled)
		}
	}
}

func contextFor(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
