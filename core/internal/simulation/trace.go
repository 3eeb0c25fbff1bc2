package simulation

import (
	"fmt"
	"strings"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// entry is a line of the trace.
type entry struct {
	at    time.Duration
	who   string
	what  string
	index core.Index
	fault fault
	about bool // an index; else it concerns all of them
}

// String returns the entry as a line.
func (e entry) String() string {
	line := fmt.Sprintf("%16v  %s", e.at, e.who)
	if e.what != "" {
		line += " " + e.what
	}
	if e.about {
		line += fmt.Sprintf(" F(%d)", e.index)
	}
	if e.fault != noFault {
		line += ": " + faultNames[e.fault]
	}
	return line
}

// traceCall records a port call and its fault; s.mu is held.
func (s *simulation) traceCall(who string, call intercept.Call, n core.Index, f fault) {
	what := call.Method()
	if call.Name == "ValueCache.List" {
		what = "Values"
	}
	about := call.Name != "ValueCache.Generation" && call.Name != "IndexStore.Unfinished"
	s.trace = append(s.trace, entry{time.Since(s.start), who, what, n, f, about})
}

// traceEvent records what concerns all indices.
func (s *simulation) traceEvent(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trace = append(s.trace, entry{at: time.Since(s.start), who: what})
}

// violated records a violation.
func (s *simulation) violated(n core.Index, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	what := fmt.Sprintf(format, args...)
	s.trace = append(s.trace, entry{at: time.Since(s.start), who: "VIOLATION:", what: what, index: n, about: true})
	s.violations = append(s.violations, violation{n, what})
}

// violation is a broken promise.
type violation struct {
	index core.Index
	what  string
}

// Report is the outcome of a run.
type Report struct {
	Seed       uint64
	Calls      int // port calls
	Faults     int // port calls with a fault
	Crashes    int
	Nemeses    int
	Indices    int
	Lasted     time.Duration // virtual time
	trace      []entry
	violations []violation
}

// Failed reports whether there are violations.
func (r Report) Failed() bool { return len(r.violations) > 0 }

// String returns the violations, and the trace as far as it concerns their
// indices.
func (r Report) String() string {
	var b strings.Builder
	concerned := make(map[core.Index]bool)
	for _, v := range r.violations {
		fmt.Fprintf(&b, "seed %d: F(%d): %s\n", r.Seed, v.index, v.what)
		concerned[v.index] = true
	}
	for _, e := range r.trace {
		if !e.about || concerned[e.index] {
			b.WriteString(e.String() + "\n")
		}
	}
	return b.String()
}

// Trace returns the whole trace, an entry a line.
func (r Report) Trace() string {
	var b strings.Builder
	for _, e := range r.trace {
		b.WriteString(e.String() + "\n")
	}
	return b.String()
}

// Reason returns the first violation.
func (r Report) Reason() string {
	if !r.Failed() {
		return ""
	}
	return fmt.Sprintf("F(%d): %s", r.violations[0].index, r.violations[0].what)
}
