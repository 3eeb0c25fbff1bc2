// Package service measures Pisano as a service beside other programs, on this machine, in one run: `make bench-service`. docs/service.md
// tells what the figures mean. It is a test because it starts servers and programs as tests do, and because a wrong answer fails it.
package service

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/bench/service/load"
	"github.com/pisano-dev/pisano/bench/service/peer"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

var (
	quick    = flag.Bool("quick", false, "measure a tenth as long")
	profiles = flag.Bool("profiles", false, "write processor profiles of Pisano's programs to bin/profiles")
	rows     = flag.Int64("rows", 0, "measure only how lists, submissions and the start cost beside this number of indices")
)

// connections is how many the load generator has open.
const connections = 32

// The variables that make this program another one than a test.
const (
	loadJob  = "BENCH_LOAD" // a [load.Job]
	peerName = "BENCH_PEER" // of [peer.Main]
)

func TestMain(m *testing.M) {
	if job := os.Getenv(loadJob); job != "" {
		exit(load.Main(job, os.Stdout))
	}
	if name := os.Getenv(peerName); name != "" {
		exit(peer.Main(name))
	}
	flag.Parse()
	if *profiles {
		if err := addProfiles(); err != nil {
			exit(err)
		}
	}
	pisano.Main(m)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// plan is how long and how often is measured.
type plan struct {
	rounds  int           // slices of each subject
	slice   time.Duration // one subject's turn
	indices int           // submitted in batches
	stream  time.Duration // of submissions whose events are awaited
	costs   int           // indices whose cost is counted
	idle    time.Duration // of watching workers without work
	workers int           // without work
}

func planned() plan {
	if *quick {
		return plan{rounds: 3, slice: 400 * time.Millisecond, indices: 3000, stream: 3 * time.Second, costs: 500, idle: 2 * time.Second, workers: 8}
	}
	return plan{rounds: 5, slice: 2 * time.Second, indices: 20_000, stream: 10 * time.Second, costs: 2000, idle: 5 * time.Second, workers: 45}
}

func TestService(t *testing.T) {
	t.Parallel()
	if *rows > 0 {
		t.Log("-rows measures something else")
		return
	}
	s := startServers(t)
	b := &bench{t: t, plan: planned(), servers: s}
	b.machine()
	b.requests()
	b.submissions()
	b.pipeline()
	b.cost()
	b.costOnOneFile()
	b.idleWorkers()
}

// bench is one run.
type bench struct {
	t *testing.T
	plan
	servers *backends
}

// heading begins a part of the report.
func heading(format string, args ...any) { fmt.Printf("\n"+format+"\n", args...) }

func root(path string) string { return filepath.Join(testkit.Root(), path) }
