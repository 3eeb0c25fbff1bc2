package simulation

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// Virtual time moves when every goroutine of a run waits for another one or for
// time. One that waits for a lock does neither, so time stands still for ever if
// the holder of the lock waits for time, as in a port call. awaitEnd finds that
// and abandons the run.

// standstillPeriod is the real time between two looks at a run that makes no
// progress.
const standstillPeriod = 500 * time.Millisecond

// awaitEnd waits for done to be closed, which is the end of the run, and returns
// nothing. If virtual time stands still it returns the stacks of the goroutines
// that wait for a lock and of those in a port call.
func (s *simulation) awaitEnd(done <-chan struct{}) (standstill string) {
	tick := time.NewTicker(standstillPeriod)
	defer tick.Stop()
	for before := int64(-1); ; {
		select {
		case <-done:
			return ""
		case <-tick.C:
		}
		now := s.pauses.Load()
		if now == before {
			if standstill = waitForLocks(allStacks(), s.bubble); standstill != "" {
				return standstill
			}
		}
		before = now
	}
}

var (
	goroutineHeader = regexp.MustCompile(`^goroutine \d+ \[(.*), synctest bubble (\d+)`)
	lockStates      = regexp.MustCompile(`^sync\.(RW)?Mutex\.R?Lock`)
)

// waitForLocks returns the stacks that tell why time stands still, or nothing if
// it does not: if a goroutine of the bubble can run.
func waitForLocks(stacks, bubble string) string {
	var waiting, holding []string
	for stack := range strings.SplitSeq(stacks, "\n\n") {
		header := goroutineHeader.FindStringSubmatch(stack)
		if header == nil || header[2] != bubble {
			continue
		}
		state := header[1]
		switch {
		case lockStates.MatchString(state):
			waiting = append(waiting, framesOf(stack))
		case !strings.Contains(state, "(durable)"):
			return ""
		case strings.Contains(stack, "core/intercept."):
			holding = append(holding, framesOf(stack))
		}
	}
	if len(waiting) == 0 {
		return ""
	}
	return fmt.Sprintf("a lock is waited for in\n%s\nwhile these port calls are under way:\n%s", strings.Join(waiting, "\n"), strings.Join(holding, "\n"))
}

// domainFrame matches a frame of the domain, or a port call that it makes.
var domainFrame = regexp.MustCompile(`(?m)^\S*/core(?:/intercept)?\.([\w.*()]+)\(.*\n\s+(\S+)`)

// framesOf returns the frames of a stack that are in the domain, a line each.
func framesOf(stack string) string {
	var lines strings.Builder
	for _, frame := range domainFrame.FindAllStringSubmatch(stack, -1) {
		if name := frame[1]; !strings.HasPrefix(name, "Interceptor.") && !strings.Contains(name, ".func") {
			fmt.Fprintf(&lines, "\t%s\t%s\n", name, filepath.Base(frame[2]))
		}
	}
	return lines.String()
}

// ownBubble returns the number of the bubble that the calling goroutine is in.
func ownBubble() string {
	stack := make([]byte, 1<<10)
	stack = stack[:runtime.Stack(stack, false)]
	line, _, _ := bytes.Cut(stack, []byte("\n"))
	if header := goroutineHeader.FindSubmatch(line); header != nil {
		return string(header[2])
	}
	return ""
}

// allStacks returns the stacks of all goroutines.
func allStacks() string {
	for size := 1 << 20; ; size *= 2 {
		stacks := make([]byte, size)
		if n := runtime.Stack(stacks, true); n < size {
			return string(stacks[:n])
		}
	}
}
