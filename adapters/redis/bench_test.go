package redis_test

import (
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

func BenchmarkQueue(b *testing.B) {
	for name, start := range deployments {
		b.Run(name, func(b *testing.B) {
			queue := open(b, options(start(b))).WorkQueue(time.Minute)
			n := core.Index(0)
			for b.Loop() {
				n++
				_, err := queue.Enqueue(b.Context(), "somebody", tasks(n)...)
				must(b, err)
				must(b, queue.Acknowledge(b.Context(), claimOne(b, queue)))
			}
		})
	}
}

func BenchmarkValue(b *testing.B) {
	cache := open(b, options(servers.Redis(b))).ValueCache()
	for name, digits := range map[string]int{"1 thousand digits": 1000, "2 million digits": 2_000_000, "20 million digits": 20_000_000} {
		v := value(b, core.Index(digits), digits)
		must(b, cache.Put(b.Context(), v))
		b.Run("Put/"+name, func(b *testing.B) {
			for b.Loop() {
				must(b, cache.Put(b.Context(), v))
			}
		})
		b.Run("Digits/1 thousand of "+name, func(b *testing.B) {
			for b.Loop() {
				_, err := cache.Digits(b.Context(), v.Index, int64(digits-1000)/2, 1000)
				must(b, err)
			}
		})
		b.Run("Digits/all "+name, func(b *testing.B) {
			for b.Loop() {
				_, err := cache.Digits(b.Context(), v.Index, 0, int64(digits))
				must(b, err)
			}
		})
	}
}
