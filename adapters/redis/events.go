package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
)

// Events implements core.Events on one sharded channel: on a Cluster it has
// one master, so that what one publisher says stays in order.
type Events struct{ client *Client }

var _ core.Events = Events{}

// Events returns the events in c.
func (c *Client) Events() Events { return Events{c} }

const (
	eventsChannel = "events"
	// eventBuffer is how many events are decoded ahead of the subscriber. What it
	// is behind by more than that waits in the connection and in the server, which
	// closes the connection if it is too much: by default 32 MiB, or 8 MiB for a
	// minute.
	eventBuffer = 1024
)

// Publish implements core.Events.
func (e Events) Publish(ctx context.Context, events ...core.Event) error {
	if len(events) == 0 {
		return nil
	}
	_, err := e.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for len(events) > 0 {
			var message []byte
			message, events = encodeEvents(events)
			pipe.SPublish(ctx, e.client.channel(eventsChannel), message)
		}
		return nil
	})
	return wrap(err)
}

// Subscribe implements core.Events.
func (e Events) Subscribe(ctx context.Context) (<-chan core.Event, error) {
	sub := subscription{e.client.rdb.SSubscribe(ctx, e.client.channel(eventsChannel)), e.client.Ping}
	if err := sub.confirm(ctx); err != nil {
		sub.close()
		return nil, wrap(err)
	}
	ch := make(chan core.Event, eventBuffer)
	e.client.all.Go(func() {
		defer close(ch)
		defer sub.close()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(e.client.ctx, cancel)()
		sub.follow(ctx, func(message string) bool { return deliver(ctx, []byte(message), ch) })
	})
	return ch, nil
}

// deliver passes the events of a message on, however long the subscriber takes
// for them. It returns false if one is missed, or ctx ends.
func deliver(ctx context.Context, message []byte, ch chan<- core.Event) bool {
	events, err := decodeEvents(message)
	if err != nil {
		return false
	}
	for _, event := range events {
		select {
		case ch <- event:
		case <-ctx.Done():
			return false
		}
	}
	return true
}
