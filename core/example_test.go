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
	reconciler := core.NewReconciler(ports, log)
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
