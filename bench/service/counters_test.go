package service

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// counters are what servers and programs have done since their start.
type counters struct {
	commands map[string]int64 // of Redis, by name, those called by scripts included
	redisCPU time.Duration
	writes   int64 // transactions of Postgres that wrote, as each takes an id
	wal      int64 // bytes of its write-ahead log
	syncs    int64 // of the log; up to 10 s old
	programs time.Duration
}

// count reads the counters, with the processor time of programs.
func (b *bench) count(programs ...*pisano.Program) counters {
	b.t.Helper()
	c := counters{commands: make(map[string]int64)}
	asked := b.servers.asked // this count's own calls do not count
	for name, text := range b.servers.redisInfo("commandstats") {
		var calls int64
		if _, err := fmt.Sscanf(text, "calls=%d,", &calls); err != nil {
			b.t.Fatalf("%s: %s", name, text)
		}
		c.commands[strings.TrimPrefix(name, "cmdstat_")] = calls
	}
	c.commands["info"] -= asked
	cpu := b.servers.redisInfo("cpu")
	for _, name := range []string{"used_cpu_user", "used_cpu_sys"} {
		seconds, err := strconv.ParseFloat(cpu[name], 64)
		if err != nil {
			b.t.Fatal(err)
		}
		c.redisCPU += time.Duration(seconds * float64(time.Second))
	}
	c.writes = ask[int64](b.servers, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
	c.wal = ask[int64](b.servers, "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")
	c.syncs = ask[int64](b.servers, b.syncsQuery())
	for _, p := range programs {
		c.programs += b.processorTime(p)
	}
	return c
}

// syncsQuery asks for how often the log was synced, which moved in Postgres 18.
func (b *bench) syncsQuery() string {
	if ask[int](b.servers, "SELECT current_setting('server_version_num')::int") < 180000 {
		return "SELECT wal_sync FROM pg_stat_wal"
	}
	return "SELECT coalesce(sum(fsyncs), 0)::bigint FROM pg_stat_io WHERE object = 'wal'"
}

// statisticsDelay is after how long an idle connection of Postgres has reported its statistics.
const statisticsDelay = 11 * time.Second

func (c counters) since(before counters) counters {
	d := counters{
		commands: make(map[string]int64), redisCPU: c.redisCPU - before.redisCPU, writes: c.writes - before.writes,
		wal: c.wal - before.wal, syncs: c.syncs - before.syncs, programs: c.programs - before.programs,
	}
	for name, calls := range c.commands {
		if calls -= before.commands[name]; calls > 0 {
			d.commands[name] = calls
		}
	}
	return d
}

func (c counters) allCommands() (sum int64) {
	for _, calls := range c.commands {
		sum += calls
	}
	return sum
}

// scripts returns how many scripts were called.
func (c counters) scripts() int64 {
	return c.commands["evalsha"] + c.commands["eval"] + c.commands["fcall"]
}

// most lists the most frequent commands with their number for each of n.
func (c counters) most(n float64) string {
	type command struct {
		name  string
		calls int64
	}
	var all []command
	for name, calls := range c.commands {
		all = append(all, command{name, calls})
	}
	slices.SortFunc(all, func(a, b command) int { return int(b.calls - a.calls) })
	var parts []string
	for _, x := range all[:min(12, len(all))] {
		parts = append(parts, fmt.Sprintf("%s %.1f", x.name, float64(x.calls)/n))
	}
	return strings.Join(parts, ", ")
}

// processorTime returns the processor time that a process has used.
func (b *bench) processorTime(p *pisano.Program) time.Duration {
	b.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Command.Process.Pid))
	if err != nil {
		b.t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	var ticks time.Duration
	for _, field := range fields[11:13] { // utime and stime
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			b.t.Fatal(err)
		}
		ticks += time.Duration(n)
	}
	return ticks * (time.Second / 100) // USER_HZ is 100 wherever Go runs
}
