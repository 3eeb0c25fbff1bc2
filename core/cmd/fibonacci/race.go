package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// lap is an index and how long it took to have its digits.
type lap struct {
	index core.Index
	took  time.Duration
}

// laps is how often the race is run: each time from what the last showed.
const laps = 8

// raceFor prints the largest index whose digits were there within the limit.
func raceFor(ctx context.Context, p *printer, limit time.Duration) error {
	available := availableMemory()
	calculator := fibonacci.New()
	next := largest(func(n core.Index) bool { return calculator.Estimate(n).Duration <= limit })
	var best lap
	for i := range laps {
		next = min(next, largest(func(n core.Index) bool { return fits(n, available) == nil }))
		p.show(fmt.Sprintf("Lap %d of %d: F(%d)", i+1, laps, next))
		l, err := timed(ctx, next, limit)
		if err != nil {
			p.clear()
			return err
		}
		if l.took <= limit && l.index > best.index {
			best = l
		}
		// The time grows a little faster than the index.
		next = core.Index(float64(l.index) * min(4, max(.25, .97*float64(limit)/float64(l.took))))
		if next <= best.index {
			next = best.index + best.index/100 + 1
		}
	}
	p.clear()
	if best.took == 0 {
		return fmt.Errorf("no index was calculated within %v", limit)
	}
	_, err := fmt.Fprintf(p, "F(%d), %d digits, in %v by %s\n", best.index, fibonacci.DigitCount(best.index),
		best.took.Round(time.Microsecond), fibonacci.Engine())
	return err
}

// timed calculates F(n) and writes its digits to nowhere. It gives up after four
// times the limit.
func timed(ctx context.Context, n core.Index, limit time.Duration) (lap, error) {
	lapCtx, cancel := context.WithTimeout(ctx, 4*limit)
	defer cancel()
	start := time.Now()
	_, err := fibonacci.Write(lapCtx, io.Discard, n)
	took := time.Since(start)
	if err != nil && ctx.Err() == nil && lapCtx.Err() != nil {
		err = nil // too slow, that is all
	}
	return lap{n, took}, err
}

// largest returns the largest index for which ok holds; it holds up to some
// index.
func largest(ok func(core.Index) bool) core.Index {
	low, high := core.Index(0), fibonacci.MaxIndex
	for low < high {
		if middle := low + (high-low+1)/2; ok(middle) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}
