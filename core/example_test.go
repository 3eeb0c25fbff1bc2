package core_test

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/core/memory"
)

// A service, and a worker that calculates for it, in one program that keeps
// everything in memory. With the ports of an adapter each may be a program of
// its own, on a machine of its own, and there may be any number of both.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	log := slog.New(slog.DiscardHandler)

	ports := memory.NewPorts(fibonacci.New(), 10*time.Second)
	events := core.NewBroadcaster(ports.Events, log)
	service := core.NewService(ports, events, core.Limits{}, log)
	worker := core.NewWorker(ports, core.WorkerOptions{Concurrency: 1}, log)
	reconciler := core.NewReconciler(ports, core.ReconcilerOptions{}, log)
	for _, run := range []func(context.Context){events.Run, worker.Run, reconciler.Run} {
		go run(ctx)
	}

	if _, err := service.Submit(ctx, "example", 1000); err != nil {
		fmt.Println(err)
		return
	}
	status, err := service.Await(ctx, "example", 1000, time.Minute)
	if err != nil || status.State != core.StateCalculated {
		fmt.Println(status.State, err)
		return
	}
	fmt.Println("F(1000) has", status.Summary.DigitCount, "digits:")
	fmt.Println(status.Summary.Digits)
	// Output:
	// F(1000) has 209 digits:
	// 43466557686937456435688527675040625802564660517371780402481729089536555417949051890403879840079255169295922593080322634775209689623239873322471161642996440906533187938298969649928516003704476137795166849228875
}

// A program that follows what happens: the events from Watch on.
func ExampleService_Watch() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ports := memory.NewPorts(fibonacci.New(), 10*time.Second)
	broadcaster := core.NewBroadcaster(ports.Events, nil)
	service := core.NewService(ports, broadcaster, core.Limits{}, nil)
	go broadcaster.Run(ctx)
	events := service.Watch(ctx)

	if _, err := service.Submit(ctx, "example", 100); err != nil {
		fmt.Println(err)
		return
	}
	event, open := events.Next()
	fmt.Println(event.Index, event.Kind == core.EventSeen, open)
	// Output: 100 true true
}

// The zero WorkerOptions are one calculation at a time.
func ExampleNewWorker() {
	ctx, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	ports := memory.NewPorts(fibonacci.New(), 10*time.Second)
	core.NewWorker(ports, core.WorkerOptions{}, nil).Run(ctx) // until ctx ends

	defer func() { fmt.Println(recover()) }()
	ports.Cache = nil
	core.NewWorker(ports, core.WorkerOptions{}, nil)
	// Output: core: NewWorker needs Ports.Cache, which is nil
}

// Await and Watch read the events of a Broadcaster.
func ExampleNewService() {
	ports := memory.NewPorts(fibonacci.New(), 10*time.Second)
	service := core.NewService(ports, core.NewBroadcaster(ports.Events, nil), core.Limits{}, nil)
	estimate, err := service.Estimate(context.Background(), 1_000_000)
	fmt.Println(estimate.Digits, err)

	defer func() { fmt.Println(recover()) }()
	core.NewService(ports, nil, core.Limits{}, nil)
	// Output:
	// 208988 <nil>
	// core: NewService needs a Broadcaster, which is nil
}
