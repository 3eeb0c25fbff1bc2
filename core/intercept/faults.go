package intercept

import (
	"context"
	"reflect"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// On returns an Interceptor that applies the given one to the calls of a port,
// such as "IndexStore", or of one method, such as "IndexStore.Record", and lets
// all others pass. It panics if core.Ports has no port or method of that name.
//
// On is for tests: it finds the methods by reflection, which makes the linker
// keep every exported method of a program.
func On(name string, i Interceptor) Interceptor {
	if !exists(name) {
		panic("intercept: core.Ports has no " + name)
	}
	return func(ctx context.Context, call Call) error {
		if name == call.Name || name == call.Port() {
			return i(ctx, call)
		}
		return call.Next(ctx)
	}
}

func exists(name string) bool {
	for field := range reflect.TypeFor[core.Ports]().Fields() {
		port := field.Type
		if name == port.Name() {
			return true
		}
		for method := range port.Methods() {
			if name == port.Name()+"."+method.Name {
				return true
			}
		}
	}
	return false
}

// When applies an Interceptor to the calls that are made while the condition
// holds, and lets all others pass.
func When(condition func() bool, i Interceptor) Interceptor {
	return func(ctx context.Context, call Call) error {
		if condition() {
			return i(ctx, call)
		}
		return call.Next(ctx)
	}
}

// Before runs a function before each call.
func Before(do func()) Interceptor {
	return func(ctx context.Context, call Call) error {
		do()
		return call.Next(ctx)
	}
}

// Fail returns the error instead of making the call.
func Fail(err error) Interceptor {
	return func(context.Context, Call) error { return err }
}

// Drop makes no call and reports that it succeeded.
func Drop(context.Context, Call) error { return nil }

// Delay makes calls after a time. A call whose context ends meanwhile is not
// made. It fails with KindCanceled if the context was canceled, and with
// KindUnavailable if its deadline has passed.
func Delay(d time.Duration) Interceptor {
	return func(ctx context.Context, call Call) error {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return call.Next(ctx)
		case <-ctx.Done():
			return timeout(ctx)
		}
	}
}

// Hang makes no call: it waits until the context ends, and fails as Delay does.
// It must not be applied to Calculator.Estimate and WorkQueue.Ready, which take
// no context.
func Hang(ctx context.Context, _ Call) error {
	<-ctx.Done()
	return timeout(ctx)
}

func timeout(ctx context.Context) error {
	return core.WrapError(core.KindUnavailable, "The call did not end in time.", context.Cause(ctx))
}
