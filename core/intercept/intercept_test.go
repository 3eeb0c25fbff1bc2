package intercept_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

var errBroken = errors.New("broken")

// TestPorts_InterceptEveryMethod finds ports and methods by reflection: one
// that is added is tested too. Two interceptors in a row stand for the caller
// of the second and the port behind the first.
func TestPorts_InterceptEveryMethod(t *testing.T) {
	t.Parallel()
	for field := range reflect.TypeFor[core.Ports]().Fields() {
		for method := range field.Type.Methods() {
			name := field.Type.Name() + "." + method.Name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				given, changed := samples{}, samples{last: 1000}
				args, want := given.arguments(method.Type), changed.arguments(method.Type)
				result := given.result(method.Type)
				var end error
				var names []string
				call := func(interceptors ...intercept.Interceptor) []reflect.Value {
					ports := reflect.ValueOf(intercept.Ports(core.Ports{}, interceptors...))
					return callMethod(t, ports.FieldByIndex(field.Index).MethodByName(method.Name), args)
				}
				outer := func(ctx context.Context, call intercept.Call) error {
					names = append(names, call.Name)
					wantArguments(t, call, args)
					wantIndices(t, call, args)
					for i, arg := range call.Args {
						reflect.ValueOf(arg).Elem().Set(want[i])
					}
					return call.Next(context.WithValue(ctx, key{}, name))
				}
				inner := func(ctx context.Context, call intercept.Call) error {
					names = append(names, call.Name)
					wantArguments(t, call, want)
					if method.Type.NumIn() > len(args) && ctx.Value(key{}) != name {
						t.Error("the context that Next is given does not get through")
					}
					if result.IsValid() {
						reflect.ValueOf(call.Result).Elem().Set(result)
					}
					return end
				}

				got := call(outer, inner)
				if !slices.Equal(names, []string{name, name}) {
					t.Fatalf("the interceptors are called with %q, want %q twice", names, name)
				}
				if result.IsValid() && !reflect.DeepEqual(got[0].Interface(), result.Interface()) {
					t.Errorf("the caller gets %v, want %v", got[0], result)
				}
				if err := lastError(got); err != nil {
					t.Errorf("the caller gets the error %v", err)
				}

				end = errBroken
				got = call(outer, inner)
				if name == "WorkQueue.Ready" { // whose caller would wait forever
					if value, open := got[0].TryRecv(); !value.IsValid() || open {
						t.Error("with an error the caller gets a channel that is not closed")
					}
					return
				}
				if result.IsValid() && !got[0].IsZero() {
					t.Errorf("with an error the caller gets %v", got[0])
				}
				if returns := method.Type.Out(method.Type.NumOut() - 1); returns == reflect.TypeFor[error]() && !errors.Is(lastError(got), errBroken) {
					t.Errorf("the caller gets the error %v, want %v", lastError(got), errBroken)
				}
			})
		}
	}
}

type key struct{}

// callMethod calls a method with the arguments, and a context if it takes one.
func callMethod(t *testing.T, method reflect.Value, args []reflect.Value) []reflect.Value {
	if method.Type().NumIn() > len(args) {
		args = slices.Concat([]reflect.Value{reflect.ValueOf(t.Context())}, args)
	}
	if method.Type().IsVariadic() {
		return method.CallSlice(args)
	}
	return method.Call(args)
}

func wantArguments(t *testing.T, call intercept.Call, want []reflect.Value) {
	t.Helper()
	if len(call.Args) != len(want) {
		t.Fatalf("the interceptor gets %d arguments, want %d", len(call.Args), len(want))
	}
	for i, arg := range call.Args {
		if got := reflect.ValueOf(arg).Elem(); got.Type() != want[i].Type() || !reflect.DeepEqual(got.Interface(), want[i].Interface()) {
			t.Errorf("argument %d is %v, want %v", i, got, want[i])
		}
	}
}

// wantIndices checks that Indices finds the indices in arguments of every type.
func wantIndices(t *testing.T, call intercept.Call, args []reflect.Value) {
	t.Helper()
	var want []core.Index
	for _, arg := range args {
		if arg.Kind() == reflect.Slice || arg.Type() == reflect.TypeFor[core.Index]() {
			want = append(want, indicesIn(arg)...)
		}
	}
	if got := call.Indices(); !slices.Equal(got, want) {
		t.Errorf("Indices returns %d, want %d: does it know the type of each argument?", got, want)
	}
}

// indicesIn returns the indices in a value and its parts.
func indicesIn(v reflect.Value) (indices []core.Index) {
	switch {
	case v.Type() == reflect.TypeFor[core.Index]():
		return []core.Index{core.Index(v.Int())}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			indices = append(indices, indicesIn(v.Index(i))...)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			indices = append(indices, indicesIn(v.Field(i))...)
		}
	}
	return indices
}

// lastError returns the last result if that is an error.
func lastError(results []reflect.Value) error {
	err, _ := results[len(results)-1].Interface().(error)
	return err
}

// samples makes values of any type, numbers in them all different.
type samples struct{ last int }

// arguments returns a value for each argument of a method but the context.
func (s *samples) arguments(method reflect.Type) []reflect.Value {
	var values []reflect.Value
	for in := range method.Ins() {
		if in != reflect.TypeFor[context.Context]() {
			values = append(values, s.value(in))
		}
	}
	return values
}

// result returns a value for a method's result, none if it is but an error.
func (s *samples) result(method reflect.Type) reflect.Value {
	if out := method.Out(0); out != reflect.TypeFor[error]() {
		return s.value(out)
	}
	return reflect.Value{}
}

func (s *samples) value(of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	s.last++
	switch {
	case v.CanInt():
		v.SetInt(int64(s.last))
	case v.CanFloat():
		v.SetFloat(float64(s.last))
	case of.Kind() == reflect.Bool:
		v.SetBool(true)
	case of.Kind() == reflect.String:
		v.SetString(time.Duration(s.last).String())
	case of.Kind() == reflect.Slice:
		v.Set(reflect.Append(v, s.value(of.Elem())))
	case of.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(of))
		v.SetMapIndex(s.value(of.Key()), s.value(of.Elem()))
	case of.Kind() == reflect.Chan:
		v.Set(reflect.MakeChan(reflect.ChanOf(reflect.BothDir, of.Elem()), 0))
	case of.Kind() == reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() {
				value.Set(s.value(field.Type))
			}
		}
	}
	return v
}

// pass is an Interceptor that changes nothing.
func pass(ctx context.Context, call intercept.Call) error { return call.Next(ctx) }

func TestIndexStore_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestIndexStore(t, func(*testing.T) core.IndexStore {
		return intercept.Ports(core.Ports{Store: new(memory.IndexStore)}, pass).Store
	})
}

func TestValueCache_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestValueCache(t, func(*testing.T) porttest.DamageableCache {
		c := new(memory.ValueCache)
		intercepted := intercept.Ports(core.Ports{Cache: c}, pass).Cache
		return porttest.DamageableCache{ValueCache: intercepted, Evict: c.Evict, Flush: c.Flush, Damage: c.Damage}
	})
}

func TestWorkQueue_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestWorkQueue(t, func(_ *testing.T, lease time.Duration) (a, b core.WorkQueue) {
		q := intercept.Ports(core.Ports{Queue: memory.NewWorkQueue(lease)}, pass).Queue
		return q, q
	})
}

func TestWorkerRegistry_KeepsItsContract(t *testing.T) {
	t.Parallel()
	porttest.TestWorkerRegistry(t, func(*testing.T) (a, b core.WorkerRegistry) {
		r := intercept.Ports(core.Ports{Workers: new(memory.WorkerRegistry)}, pass).Workers
		return r, r
	})
}

func TestEvents_KeepTheirContract(t *testing.T) {
	t.Parallel()
	porttest.TestEvents(t, func(*testing.T) (a, b core.Events) {
		e := intercept.Ports(core.Ports{Events: new(memory.Events)}, pass).Events
		return e, e
	})
}

func TestCalculator_ReportsProgressToWhomTheInterceptorSays(t *testing.T) {
	t.Parallel()
	var last float64
	calculator := intercept.Ports(core.Ports{Calculator: fibonacci.New()}, func(ctx context.Context, call intercept.Call) error {
		*intercept.Arg[func(float64)](call) = func(fraction float64) { last = fraction }
		return call.Next(ctx)
	}).Calculator
	if value, err := calculator.Calculate(t.Context(), 1_000, nil); err != nil || value.DigitCount() != 209 || last != 1 {
		t.Errorf("F(1,000) has %d digits, %v; the last progress is %v", value.DigitCount(), err, last)
	}
}

func TestCall_NamesItsPortMethodAndIndices(t *testing.T) {
	t.Parallel()
	var got intercept.Call
	ports := intercept.Ports(core.Ports{}, func(_ context.Context, call intercept.Call) error {
		got = call
		return nil
	})
	ctx := t.Context()
	for name, c := range map[string]struct {
		call func() error
		want []core.Index
	}{
		"IndexStore.Record": {func() error {
			_, err := ports.Store.Record(ctx, time.Time{}, []core.Submission{{Index: 1}, {Index: 2}})
			return err
		}, []core.Index{1, 2}},
		"IndexStore.Reopen":    {func() error { return ports.Store.Reopen(ctx, 3) }, []core.Index{3}},
		"IndexStore.Ping":      {func() error { return ports.Store.Ping(ctx) }, nil},
		"ValueCache.Put":       {func() error { return ports.Cache.Put(ctx, core.Value{Index: 4}, core.Value{Index: 0}) }, []core.Index{4, 0}},
		"ValueCache.Summaries": {func() error { _, err := ports.Cache.Summaries(ctx, 5, 6); return err }, []core.Index{5, 6}},
		"WorkQueue.Enqueue": {func() error {
			_, err := ports.Queue.Enqueue(ctx, "", core.Task{Index: 7}, core.Task{Index: 8})
			return err
		}, []core.Index{7, 8}},
		"WorkQueue.Release": {func() error { return ports.Queue.Release(ctx, core.Claim{Index: 9}, core.Claim{Index: 11}) }, []core.Index{9, 11}},
		"WorkQueue.Renew": {func() error {
			_, err := ports.Queue.Renew(ctx, core.Renewal{Claim: core.Claim{Index: 12}})
			return err
		}, []core.Index{12}},
		"IndexStore.MarkCalculated": {func() error {
			_, err := ports.Store.MarkCalculated(ctx, "", core.Mark{Index: 13}, core.Mark{Index: 14})
			return err
		}, []core.Index{13, 14}},
		"Events.Publish": {func() error { return ports.Events.Publish(ctx, core.Event{Index: 10}) }, []core.Index{10}},
	} {
		if err := c.call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got.Name != name || got.Port()+"."+got.Method() != name || !slices.Equal(got.Indices(), c.want) {
			t.Errorf("%s, of port %q and method %q, is about %d, want %s about %d", got.Name, got.Port(), got.Method(), got.Indices(), name, c.want)
		}
	}
}
