package telemetry

import (
	"context"

	"github.com/pisano-dev/pisano/core"
)

type valueCache struct {
	core.ValueCache
	port
}

func (c valueCache) Put(ctx context.Context, v core.Value) (err error) {
	ctx, end := c.work(ctx, "Put", ofIndex(v.Index))
	defer end(&err)
	return c.ValueCache.Put(ctx, v)
}

func (c valueCache) Summaries(ctx context.Context, indices ...core.Index) (_ map[core.Index]core.Summary, err error) {
	ctx, end := c.call(ctx, "Summaries")
	defer end(&err)
	return c.ValueCache.Summaries(ctx, indices...)
}

func (c valueCache) Digits(ctx context.Context, n core.Index, first, count int64) (_ []byte, err error) {
	ctx, end := c.call(ctx, "Digits")
	defer end(&err)
	return c.ValueCache.Digits(ctx, n, first, count)
}

func (c valueCache) List(ctx context.Context, after core.Position, limit int) (_ []core.Summary, err error) {
	ctx, end := c.call(ctx, "List")
	defer end(&err)
	return c.ValueCache.List(ctx, after, limit)
}

func (c valueCache) Generation(ctx context.Context) (_ string, err error) {
	ctx, end := c.call(ctx, "Generation")
	defer end(&err)
	return c.ValueCache.Generation(ctx)
}

func (c valueCache) Ping(ctx context.Context) (err error) {
	ctx, end := c.call(ctx, "Ping")
	defer end(&err)
	return c.ValueCache.Ping(ctx)
}
