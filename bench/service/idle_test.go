package service

import (
	"fmt"
	"sync"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// wakes is how many indices are submitted one after the other while many workers wait.
const wakes = 40

// idleWorkers measures what workers without work cost, and what their number adds to an index.
func (b *bench) idleWorkers() {
	b.t.Helper()
	at := b.servers.newPlace()
	s := b.onServers(at, false)
	heading("Workers without work, each second over %v; an index while they wait, of %d", b.idle, wakes)
	var workers []*pisano.Program
	next := 1
	for _, count := range []int{0, 1, b.workers} {
		more := make([]*pisano.Program, count-len(workers))
		for i := range more { // one after the other: each measures the machine at its start
			more[i] = b.startWorker(at)
		}
		workers = append(workers, more...)
		if count > 0 {
			b.calculate(s, next, next+1)
			next += 2
		}
		before := b.count(workers...)
		began := time.Now()
		time.Sleep(b.idle)
		idle, seconds := b.count(workers...).since(before), time.Since(began).Seconds()
		fmt.Printf("%20s  Redis %.0f commands, %.0f scripts, %.1f ms CPU; Postgres %.1f commits; workers %.1f ms CPU",
			fmt.Sprintf("%d workers", count), float64(idle.allCommands())/seconds, float64(idle.scripts())/seconds,
			idle.redisCPU.Seconds()/seconds*1000, float64(idle.writes)/seconds, idle.programs.Seconds()/seconds*1000)
		if count > 0 {
			before := b.count(workers...)
			b.calculate(s, next, next+wakes/2-1)
			for n := next + wakes/2; n < next+wakes; n++ {
				b.calculate(s, n, n)
			}
			next += wakes
			c := b.count(workers...).since(before)
			fmt.Printf("; an index %.0f commands, %.0f scripts", float64(c.allCommands())/wakes, float64(c.scripts())/wakes)
		}
		fmt.Println()
	}
	var all sync.WaitGroup
	for _, w := range workers {
		w.Terminate()
	}
	for _, w := range workers {
		all.Go(func() { <-w.Exited })
	}
	all.Wait()
	s.stop()
}
