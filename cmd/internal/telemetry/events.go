package telemetry

import (
	"context"

	"github.com/pisano-dev/pisano/core"
)

type events struct {
	core.Events
	port
}

func (e events) Publish(ctx context.Context, all ...core.Event) (err error) {
	ctx, end := e.call(ctx, "Publish")
	defer end(&err)
	return e.Events.Publish(ctx, all...)
}

func (e events) Subscribe(ctx context.Context) (_ <-chan core.Event, err error) {
	// The context of the call is that of the subscription, which has no span to
	// be below.
	ctx, end := e.call(ctx, "Subscribe")
	defer end(&err)
	return e.Events.Subscribe(ctx)
}
