// Package intercept puts one function in front of every method of every port.
//
// Telemetry measures port calls with it, the simulation injects faults with it,
// and tests make ports that are slow, broken or dead:
//
//	ports = intercept.Ports(ports,
//		intercept.On("IndexStore.Record", intercept.Delay(time.Second)),
//		intercept.On("WorkQueue", intercept.Fail(err)),
//	)
//
// The wrapping types embed no port, so that a method added to a port does not
// compile until it is intercepted.
package intercept

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pisano-dev/pisano/core"
)

// Interceptor is called in place of a port's method, by any number of goroutines
// at a time. It decides whether, when and how often the call is made, by
// call.Next, and returns the error that the caller gets; with an error the caller
// gets no result.
//
// Two methods take no context and return no error: the Interceptor gets the
// background context, and an error that it returns makes the Estimate of a
// Calculator zero and the channel of WorkQueue.Ready a closed one.
type Interceptor func(ctx context.Context, call Call) error

// Call is a call of a port's method.
type Call struct {
	Name   string // port and method, such as "IndexStore.Record"
	Args   []any  // pointers to the arguments but the context; a variadic one is a slice
	Result any    // pointer to the result but the error, nil if there is none

	// Next makes the call with Args as they are and sets Result. It is called by
	// one goroutine at a time, which may outlive the Interceptor if that returns
	// an error.
	Next func(context.Context) error
}

// Ports returns the ports behind the interceptors, the first of which sees a
// call first. A port may be nil if no interceptor lets calls of it pass.
func Ports(ports core.Ports, interceptors ...Interceptor) core.Ports {
	for _, i := range slices.Backward(interceptors) {
		ports = core.Ports{
			Store:      indexStore{ports.Store, i},
			Cache:      valueCache{ports.Cache, i},
			Queue:      workQueue{ports.Queue, i},
			Workers:    workerRegistry{ports.Workers, i},
			Events:     events{ports.Events, i},
			Calculator: calculator{ports.Calculator, i},
		}
	}
	return ports
}

// Port returns the name of the port, such as "IndexStore".
func (c Call) Port() string {
	port, _, _ := strings.Cut(c.Name, ".")
	return port
}

// Method returns the name of the method, such as "Record".
func (c Call) Method() string {
	_, method, _ := strings.Cut(c.Name, ".")
	return method
}

// Indices returns the indices that the arguments are about, in their order, nil
// for a method that is about none.
func (c Call) Indices() []core.Index {
	for _, arg := range c.Args {
		switch arg := arg.(type) {
		case *core.Index:
			return []core.Index{*arg}
		case *[]core.Index:
			return *arg
		case *[]core.Value:
			return indices(*arg, func(v core.Value) core.Index { return v.Index })
		case *[]core.Mark:
			return indices(*arg, func(m core.Mark) core.Index { return m.Index })
		case *[]core.Claim:
			return indices(*arg, func(c core.Claim) core.Index { return c.Index })
		case *[]core.Renewal:
			return indices(*arg, func(r core.Renewal) core.Index { return r.Claim.Index })
		case *[]core.Submission:
			return indices(*arg, func(s core.Submission) core.Index { return s.Index })
		case *[]core.Task:
			return indices(*arg, func(t core.Task) core.Index { return t.Index })
		case *[]core.Event:
			return indices(*arg, func(e core.Event) core.Index { return e.Index })
		}
	}
	return nil
}

func indices[T any](all []T, index func(T) core.Index) []core.Index {
	indices := make([]core.Index, len(all))
	for i, one := range all {
		indices[i] = index(one)
	}
	return indices
}

// Arg returns a pointer to the first argument of type T, to be read, or changed
// before Next. It panics if there is none.
func Arg[T any](call Call) *T {
	for _, arg := range call.Args {
		if arg, ok := arg.(*T); ok {
			return arg
		}
	}
	panic(fmt.Sprintf("intercept: %s takes no %T", call.Name, *new(T)))
}

// Result returns a pointer to the result, which is of type T, to be read or
// changed after Next. It panics if it is of another type.
func Result[T any](call Call) *T {
	if result, ok := call.Result.(*T); ok {
		return result
	}
	panic(fmt.Sprintf("intercept: %s returns no %T", call.Name, *new(T)))
}

// call makes a call of a method that returns an error only.
func (i Interceptor) call(ctx context.Context, name string, next func(context.Context) error, args ...any) error {
	return i(ctx, Call{Name: name, Args: args, Next: next})
}

// result makes a call of a method that returns a result and an error.
func result[T any](ctx context.Context, i Interceptor, name string, next func(context.Context) (T, error), args ...any) (T, error) {
	result := new(T)
	err := i(ctx, Call{Name: name, Args: args, Result: result, Next: func(ctx context.Context) (err error) {
		*result, err = next(ctx)
		return err
	}})
	if err != nil {
		return *new(T), err // not *result: Next may still set it
	}
	return *result, nil
}
