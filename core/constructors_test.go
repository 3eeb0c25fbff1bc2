package core_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/intercept"
	"github.com/pisano-dev/pisano/core/memory"
)

// panicOf returns what f panics with, as text.
func panicOf(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return text
}

func TestConstructors_SayWhatIsMissing(t *testing.T) {
	t.Parallel()
	whole := memory.NewPorts(fibonacci.Calculator{}, lease)
	broadcaster := core.NewBroadcaster(whole.Events, nil)
	for name, construct := range map[string]func(core.Ports){
		"NewService":    func(p core.Ports) { core.NewService(p, broadcaster, core.Limits{}, nil) },
		"NewWorker":     func(p core.Ports) { core.NewWorker(p, core.WorkerOptions{}, nil) },
		"NewReconciler": func(p core.Ports) { core.NewReconciler(p, core.ReconcilerOptions{}, nil) },
	} {
		construct(whole)
		for port := range reflect.TypeFor[core.Ports]().Fields() {
			partial := whole
			reflect.ValueOf(&partial).Elem().FieldByIndex(port.Index).SetZero()
			if text := panicOf(func() { construct(partial) }); !strings.Contains(text, name+" needs Ports."+port.Name) {
				t.Errorf("%s without %s: %s", name, port.Name, text)
			}
		}
	}
	if text := panicOf(func() { core.NewService(whole, nil, core.Limits{}, nil) }); !strings.Contains(text, "needs a Broadcaster") {
		t.Errorf("NewService without a Broadcaster: %s", text)
	}
	if text := panicOf(func() { core.NewBroadcaster(nil, nil) }); !strings.Contains(text, "needs Events") {
		t.Errorf("NewBroadcaster without Events: %s", text)
	}
}

func TestConstructors_ZeroOptionsAndNoLogWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		away := intercept.On("WorkQueue.Claim", intercept.When(func() bool { return time.Now().Second()%10 < 5 }, unavailable)) // there is something to log
		ports := intercept.Ports(memory.NewPorts(fibonacci.Calculator{}, lease), away)
		broadcaster := core.NewBroadcaster(ports.Events, nil)
		service := core.NewService(ports, broadcaster, core.Limits{}, nil)
		worker, reconciler := core.NewWorker(ports, core.WorkerOptions{}, nil), core.NewReconciler(ports, core.ReconcilerOptions{}, nil)
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for _, run := range []func(context.Context){broadcaster.Run, worker.Run, reconciler.Run} {
			running.Go(func() { run(ctx) })
		}
		if _, err := service.Submit(ctx, "test", 1000); err != nil {
			t.Fatal(err)
		}
		if status, err := service.Await(ctx, "test", 1000, time.Minute); err != nil || status.State != core.StateCalculated {
			t.Errorf("%+v, %v", status, err)
		}
		stop()
		running.Wait()
	})
}

// watching starts a broadcaster whose first subscription takes a second.
func watching(t *testing.T, test func(ctx context.Context, t *testing.T, ports core.Ports, service *core.Service)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		slow := intercept.On("Events.Subscribe", intercept.Before(func() { time.Sleep(time.Second) }))
		ports := intercept.Ports(memory.NewPorts(fibonacci.Calculator{}, lease), slow)
		broadcaster := core.NewBroadcaster(ports.Events, quiet)
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { broadcaster.Run(ctx) })
		test(ctx, t, ports, core.NewService(ports, broadcaster, core.Limits{}, quiet))
		stop()
		running.Wait()
	})
}

func TestWatch_RightAfterRunMissesNothing(t *testing.T) {
	t.Parallel()
	watching(t, func(ctx context.Context, t *testing.T, ports core.Ports, service *core.Service) {
		watcher := service.Watch(ctx)
		if err := ports.Events.Publish(ctx, core.Event{Index: 5}); err != nil {
			t.Fatal(err)
		}
		if e, open := watcher.Next(); !open || e.Index != 5 {
			t.Errorf("read %+v, %v", e, open)
		}
	})
}

func TestWatch_EndsWithTheFirstSubscriptionIfItDidNotWaitForIt(t *testing.T) {
	t.Parallel()
	watching(t, func(ctx context.Context, t *testing.T, ports core.Ports, service *core.Service) {
		short, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		watcher := service.Watch(short)
		if err := ports.Events.Publish(ctx, core.Event{Index: 5}); err != nil { // it is missed
			t.Fatal(err)
		}
		if e, open := watcher.Next(); open {
			t.Errorf("read %+v", e)
		}
	})
}
