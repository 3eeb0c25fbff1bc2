package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// lap is the calculation of an index with its text, and its time.
type lap struct {
	index core.Index
	took  time.Duration
}

// laps is the number of indices tried, each chosen by the time of the one before.
const laps = 8

// raceFor prints the largest index found whose digits were calculated within the
// limit.
func raceFor(ctx context.Context, p *printer, limit time.Duration) error {
	available := availableMemory()
	calculator := fibonacci.New()
	next := largest(func(n core.Index) bool { return calculator.Estimate(n).Duration <= limit })
	var best lap
	for i := range laps {
		next = min(next, largest(func(n core.Index) bool { return calculator.PeakBytes(n) <= available }))
		p.show(fmt.Sprintf("Lap %d of %d: F(%d)", i+1, laps, next))
		l, err := timed(ctx, next, limit)
		if err != nil {
			p.clear()
			return err
		}
		if l.took <= limit && l.index > best.index {
			best = l
		}
		// Time grows slightly faster than the index.
		next = core.Index(float64(l.index) * min(4, max(.25, .97*float64(limit)/float64(l.took))))
		if next <= best.index {
			next = best.index + best.index/100 + 1
		}
	}
	p.clear()
	if best.took == 0 {
		return fmt.Errorf("no index could be calculated within %v", limit)
	}
	_, err := fmt.Fprintf(p, "F(%d), %d digits, in %v by %s\n", best.index, fibonacci.DigitCount(best.index),
		best.took.Round(time.Microsecond), fibonacci.Engine())
	return err
}

// patience is how many times the limit a lap may take.
const patience = 4

// timed calculates F(n) and formats its digits. It stops after patience times the
// limit.
func timed(ctx context.Context, n core.Index, limit time.Duration) (lap, error) {
	// Of a longer limit, the product would overflow and be over before it begins.
	lapCtx, cancel := context.WithTimeout(ctx, patience*min(limit, math.MaxInt64/patience))
	defer cancel()
	start := time.Now()
	_, err := fibonacci.Write(lapCtx, io.Discard, n)
	took := time.Since(start)
	if err != nil && ctx.Err() == nil && lapCtx.Err() != nil {
		err = nil // too slow, which is no failure
	}
	return lap{n, took}, err
}

// largest returns the largest index for which ok is true, by bisection: if ok is
// true for an index, it must be true for all smaller ones.
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
