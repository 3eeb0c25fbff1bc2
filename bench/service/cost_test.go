package service

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// submitters is how many submit at a time where each submits one index after the other.
const submitters = 8

// submitAlone submits each index by a request of its own.
func (b *bench) submitAlone(s *system, all []core.Index) {
	b.t.Helper()
	queue := make(chan core.Index, len(all))
	for _, n := range all {
		queue <- n
	}
	close(queue)
	faults := make([]error, submitters)
	var wait sync.WaitGroup
	for i := range submitters {
		wait.Go(func() {
			for n := range queue {
				if _, err := s.client.Submit(b.t.Context(), int64(n)); err != nil {
					faults[i] = err
				}
			}
		})
	}
	wait.Wait()
	for _, err := range faults {
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// cost counts what an index costs on servers: submitted alone, and in batches of 1,000.
func (b *bench) cost() {
	b.t.Helper()
	at := b.servers.newPlace()
	ends := []string{"API ↔ Postgres", "API ↔ Redis", "worker ↔ Postgres", "worker ↔ Redis"}
	taps := make([]*tap, len(ends))
	for i := range taps {
		to := b.servers.postgres
		if i%2 == 1 {
			to = b.servers.redis
		}
		taps[i] = newTap(b.t, to)
	}
	s := b.onServers(at.through(taps[0], taps[1]), false)
	s.worker = b.startWorker(at.through(taps[2], taps[3]))
	b.calculate(s, 1, 10) // opens connections, loads scripts

	heading("Cost of an index on servers, of %d each way", b.costs)
	n := float64(b.costs)
	ways := []struct {
		name   string
		submit func(all []core.Index)
	}{
		{"alone", func(all []core.Index) { b.submitAlone(s, all) }},
		{"in batches of 1,000", func(all []core.Index) { s.client.MustSubmit(all...) }},
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "submitted\t")
	for _, end := range ends {
		fmt.Fprintf(table, "%s\tbytes\t", end)
	}
	fmt.Fprintln(table, "Redis commands\tscripts\tPostgres commits\tWAL bytes\tfsyncs\tCPU of both programs\t")
	var detail bytes.Buffer
	first := 1000
	time.Sleep(statisticsDelay)
	for _, way := range ways {
		before := b.count(s.api, s.worker)
		var trips, moved [4]int64
		for i, p := range taps {
			trips[i], moved[i] = p.roundTrips.Load(), p.sent.Load()+p.received.Load()
		}
		calculated := s.worker.Calculations()
		way.submit(indices(first, first+b.costs-1))
		b.settle(s, calculated, b.costs)
		s.client.Await(core.Index(first + b.costs - 1))
		c := b.count(s.api, s.worker).since(before)
		fmt.Fprintf(table, "%s\t", way.name)
		for i, p := range taps {
			fmt.Fprintf(table, "%.2f\t%.0f\t", float64(p.roundTrips.Load()-trips[i])/n, float64(p.sent.Load()+p.received.Load()-moved[i])/n)
		}
		time.Sleep(statisticsDelay)
		syncs := b.count().since(before).syncs
		fmt.Fprintf(table, "%.1f\t%.2f\t%.2f\t%.0f\t%.2f\t%.0f µs\t\n", float64(c.allCommands())/n, float64(c.scripts())/n, float64(c.writes)/n,
			float64(c.wal)/n, float64(syncs)/n, float64(c.programs.Microseconds())/n)
		fmt.Fprintf(&detail, "Redis commands of an index submitted %s: %s\n", way.name, c.most(n))
		first += b.costs
	}
	_ = table.Flush() // to standard output
	fmt.Print(detail.String())
	s.stop()
}

// costOnOneFile counts what an index costs on one file. strace counts the syncs.
func (b *bench) costOnOneFile() {
	b.t.Helper()
	heading("Cost of an index on one file, of %d each way", b.costs)
	tracer, err := exec.LookPath("strace")
	if err != nil {
		b.t.Fatal("strace is required to count what is synced to disk: make bench-service installs it")
	}
	folder := b.t.TempDir()
	trace := filepath.Join(folder, "syncs")
	command := exec.CommandContext(b.t.Context(), tracer, "-f", "--seccomp-bpf", "-qq", "-e", "signal=none", "-e", "trace=fsync,fdatasync,sync_file_range",
		"-o", trace, pisano.Path("api"))
	p := pisano.LaunchCommand(b.t, "api", command, append(fastest, "PISANO_DATA="+filepath.Join(folder, "pisano.db"))...)
	p.AwaitListening()
	s := &system{name: "Pisano on one file, traced", api: p, worker: p, client: p.Client("/api"), base: p.URL + "/api"}
	b.calculate(s, 1, 10)
	process := b.childOf(p)
	n, first := float64(b.costs), 1000
	for _, way := range []struct {
		name   string
		submit func(all []core.Index)
	}{
		{"alone", func(all []core.Index) { b.submitAlone(s, all) }},
		{"in batches of 1,000", func(all []core.Index) { s.client.MustSubmit(all...) }},
	} {
		calculated, synced, written := s.worker.Calculations(), b.lines(trace), b.written(process)
		way.submit(indices(first, first+b.costs-1))
		b.settle(s, calculated, b.costs)
		fmt.Printf("%20s  %.2f syncs, %.0f bytes written\n", way.name, float64(b.lines(trace)-synced)/n, float64(b.written(process)-written)/n)
		first += b.costs
	}
	// strace passes no signal on.
	if err := exec.CommandContext(context.Background(), "kill", strconv.Itoa(process)).Run(); err != nil {
		b.t.Fatal(err)
	}
	p.AwaitExit()
}

// childOf returns the process that a program has started.
func (b *bench) childOf(p *pisano.Program) int {
	b.t.Helper()
	pid := p.Command.Process.Pid
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		b.t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		b.t.Fatal(err)
	}
	return child
}

// written returns how many bytes a process has handed to write and its like, for files and connections.
func (b *bench) written(process int) int64 {
	b.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", process))
	if err != nil {
		b.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, "write_bytes: "); found {
			bytes, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			if err != nil {
				b.t.Fatal(err)
			}
			return bytes
		}
	}
	b.t.Fatal("the system does not count what a process writes")
	return 0
}

func (b *bench) lines(file string) int {
	b.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	return bytes.Count(text, []byte("\n"))
}
