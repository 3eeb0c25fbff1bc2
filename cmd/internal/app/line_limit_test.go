package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLineLimit_LeavesOutMostLinesOfABusyWorker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		log := indexLimited(slog.New(slog.NewTextHandler(&text, nil)))
		calculate := func(count int) (lines []string) {
			text.Reset()
			for n := range count {
				d := log.With("index", n)
				d.Info("calculated", "digits", 7)
				d.Warn("lease lost")
			}
			for line := range strings.Lines(text.String()) {
				if strings.Contains(line, "msg=calculated") {
					lines = append(lines, line)
				}
			}
			if warnings := strings.Count(text.String(), "level=WARN"); warnings != count {
				t.Errorf("%d of %d warnings", warnings, count)
			}
			return lines
		}
		if lines := calculate(3000); len(lines) != 10 || strings.Contains(lines[9], "leftOut") {
			t.Errorf("3,000 in one second: %q", lines)
		}
		time.Sleep(time.Second)
		if lines := calculate(3000); len(lines) != 10 || !strings.Contains(lines[0], "index=0 digits=7 leftOut=2990") || strings.Contains(lines[1], "leftOut") {
			t.Errorf("3,000 in the next second: %q", lines)
		}
	})
}

func TestLineLimit_LeavesNothingOutAtTheDebugLevel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		log := indexLimited(slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug})))
		for range 2 {
			text.Reset()
			for range 3000 {
				log.Info("calculated")
			}
			info, debug := strings.Count(text.String(), "level=INFO"), strings.Count(text.String(), "level=DEBUG")
			if info != 10 || debug != 2990 || strings.Contains(text.String(), "leftOut") {
				t.Errorf("%d lines at info, %d at debug", info, debug)
			}
			time.Sleep(time.Second)
		}
	})
}
