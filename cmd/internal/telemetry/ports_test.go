package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/cmd/internal/telemetry"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
	"github.com/pisano-dev/pisano/core/porttest"
)

func TestIndexStore_KeepsItsContractMeasured(t *testing.T) {
	t.Parallel()
	porttest.TestIndexStore(t, func(*testing.T) core.IndexStore {
		return telemetry.New("test").Ports(core.Ports{Store: new(memory.IndexStore)}).Store
	})
}

func TestValueCache_KeepsItsContractMeasured(t *testing.T) {
	t.Parallel()
	porttest.TestValueCache(t, func(*testing.T) porttest.DamageableCache {
		c := new(memory.ValueCache)
		measured := telemetry.New("test").Ports(core.Ports{Cache: c}).Cache
		return porttest.DamageableCache{ValueCache: measured, Evict: c.Evict, Flush: c.Flush, Damage: c.Damage}
	})
}

func TestWorkQueue_KeepsItsContractMeasured(t *testing.T) {
	t.Parallel()
	porttest.TestWorkQueue(t, func(_ *testing.T, lease time.Duration) (a, b core.WorkQueue) {
		q := telemetry.New("test").Ports(core.Ports{Queue: memory.NewWorkQueue(lease)}).Queue
		return q, q
	})
}

func TestWorkerRegistry_KeepsItsContractMeasured(t *testing.T) {
	t.Parallel()
	porttest.TestWorkerRegistry(t, func(*testing.T) (a, b core.WorkerRegistry) {
		r := telemetry.New("test").Ports(core.Ports{Workers: new(memory.WorkerRegistry)}).Workers
		return r, r
	})
}

func TestEvents_KeepTheirContractMeasured(t *testing.T) {
	t.Parallel()
	porttest.TestEvents(t, func(*testing.T) (a, b core.Events) {
		e := telemetry.New("test").Ports(core.Ports{Events: new(memory.Events)}).Events
		return e, e
	})
}

// TestPorts_MeasureEveryMethod finds ports and methods by reflection: one that
// is added has to be measured too.
func TestPorts_MeasureEveryMethod(t *testing.T) {
	t.Parallel()
	watch := telemetry.New("test")
	ports := reflect.ValueOf(watch.Ports(intercept.Ports(core.Ports{}, intercept.Fail(errBroken))))
	want := make(map[string]float64)
	for field := range ports.Type().Fields() {
		for method := range field.Type.Methods() {
			var args []reflect.Value
			for in := range method.Type.Ins() {
				switch {
				case in == reflect.TypeFor[context.Context]():
					args = append(args, reflect.ValueOf(t.Context()))
				case in.Kind() == reflect.Slice:
					args = append(args, reflect.MakeSlice(in, 1, 1))
				default:
					args = append(args, reflect.Zero(in))
				}
			}
			call := ports.FieldByIndex(field.Index).MethodByName(method.Name)
			if method.Type.IsVariadic() {
				call.CallSlice(args)
			} else {
				call.Call(args)
			}
			switch name := field.Type.Name() + "." + method.Name; name {
			case "Calculator.Estimate", "WorkQueue.Ready": // they take less time than measuring them
			case "Calculator.Calculate":
				want[`pisano_calculation_duration_seconds_count{outcome="internal"}`] = 1
			default:
				want[fmt.Sprintf(`pisano_port_call_duration_seconds_count{call=%q,outcome="internal",port=%q}`, method.Name, field.Type.Name())] = 1
			}
		}
	}
	wantMetrics(t, watch, want)
}

var errBroken = errors.New("broken")

func TestCounters_CountWhatHappens(t *testing.T) {
	t.Parallel()
	watch := telemetry.New("test")
	ctx := t.Context()
	ports := watch.Ports(core.Ports{
		Store:      new(memory.IndexStore),
		Queue:      memory.NewWorkQueue(time.Nanosecond),
		Calculator: fibonacci.New(),
	})
	records, err := ports.Store.Record(ctx, time.Now(), []core.Submission{{Index: 7, Count: 3}, {Index: 8, Count: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time the revision is outdated
		if _, err := ports.Store.MarkFailed(ctx, 7, records[0].Revision, "no"); err != nil {
			t.Fatal(err)
		}
		_, _ = ports.Store.Record(ctx, time.Now(), []core.Submission{{Index: 7, Count: 1, Reopen: true}})
	}
	if _, err := watch.Requeues(ports).Queue.Enqueue(ctx, "", core.Task{Index: 7}, core.Task{Index: 8}); err != nil {
		t.Fatal(err)
	}
	if _, err := ports.Queue.Enqueue(ctx, "", core.Task{Index: 9}); err != nil {
		t.Fatal(err)
	}
	first, err := ports.Queue.Claim(ctx, core.ClaimLimit{Count: 2})
	if err != nil || len(first) != 2 {
		t.Fatal(first, err)
	}
	time.Sleep(time.Millisecond) // the leases expire, and one of the tasks is claimed again
	if second, err := ports.Queue.Claim(ctx, core.ClaimLimit{Count: 1}); err != nil || len(second) != 1 {
		t.Fatal(second, err)
	}
	if lost, err := ports.Queue.Renew(ctx, core.Renewal{Claim: first[0]}, core.Renewal{Claim: first[1]}); err != nil || len(lost) != 1 {
		t.Fatal(lost, err)
	}
	if _, err := ports.Calculator.Calculate(ctx, 1000, nil); err != nil {
		t.Fatal(err)
	}
	broken := intercept.Ports(ports, intercept.On("Calculator.Calculate", intercept.Fail(errBroken)))
	if _, err := watch.Ports(broken).Calculator.Calculate(ctx, 1000, nil); err == nil {
		t.Fatal("it did not fail")
	}
	wantMetrics(t, watch, map[string]float64{
		"pisano_submissions_total":                                      6,
		"pisano_indices_failed_total":                                   1,
		"pisano_requeued_total":                                         2,
		"pisano_claims_total":                                           3,
		"pisano_claims_lost_total":                                      1,
		`pisano_calculation_duration_seconds_count{outcome="ok"}`:       1,
		`pisano_calculation_duration_seconds_count{outcome="internal"}`: 1,
		"pisano_calculation_digits_sum":                                 209,
		"pisano_calculations_running":                                   0,
		`pisano_port_call_duration_seconds_count{call="Renew",outcome="ok",port="WorkQueue"}`: 1,
	})
}
