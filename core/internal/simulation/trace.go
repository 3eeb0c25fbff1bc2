package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/intercept"
)

// entry is a line of the trace.
type entry struct {
	at      time.Duration
	who     string
	what    string
	indices []core.Index // that it is about; none: it concerns all
	fault   fault
}

// String returns the entry as a line.
func (e entry) String() string {
	var line strings.Builder
	fmt.Fprintf(&line, "%16v  %s", e.at, e.who)
	if e.what != "" {
		line.WriteString(" " + e.what)
	}
	for _, n := range e.indices {
		fmt.Fprintf(&line, " F(%d)", n)
	}
	if e.fault != noFault {
		line.WriteString(": " + e.fault.String())
	}
	return line.String()
}

// traceCall records a port call about indices, and its fault; s.mu is held.
func (s *simulation) traceCall(who string, call intercept.Call, f fault, indices ...core.Index) {
	s.trace = append(s.trace, entry{time.Since(s.start), who, call.Name, slices.Clone(indices), f})
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
	s.trace = append(s.trace, entry{at: s.now(), who: "VIOLATION:", what: what, indices: []core.Index{n}})
	s.violations = append(s.violations, violation{n, what})
}

// now returns the virtual time since the start, and outside the run that of the
// last entry of the trace; s.mu is held.
func (s *simulation) now() time.Duration {
	if ownBubble() != s.bubble {
		return s.trace[len(s.trace)-1].at
	}
	return time.Since(s.start)
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
	Coverage   Coverage
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
		if len(e.indices) == 0 || slices.ContainsFunc(e.indices, func(n core.Index) bool { return concerned[n] }) {
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
