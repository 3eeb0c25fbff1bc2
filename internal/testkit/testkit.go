// Package testkit has what tests of every kind share: where the repository is, and how long to wait for something. Its
// subpackages start real servers, containers and Pisano's own programs. Only tests import it.
package testkit

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// HangTimeout bounds every wait of a test. Only a hang exceeds it, even on a busy machine several times slower than the one the
// tests were written on; how long something took is measured and printed, not asserted.
const HangTimeout = 3 * time.Minute

// Root returns the directory of the repository, which the working directory of a test is in.
func Root() string {
	directory, err := os.Getwd()
	for ; err == nil; directory = filepath.Dir(directory) {
		if _, err := os.Stat(filepath.Join(directory, "go.work")); err == nil {
			return directory
		}
		if directory == filepath.Dir(directory) {
			panic("no folder above the working directory has a go.work")
		}
	}
	panic(err)
}

// Eventually calls check until it returns nil, and returns how long that took. The test fails with the last error when check
// has failed for [HangTimeout].
func Eventually(t testing.TB, what string, check func() error) time.Duration {
	t.Helper()
	return Progress(t, what, func() (int, error) { return 0, check() })
}

// Progress is [Eventually] for work of unknown length: the time starts again whenever the count, of what is done, has changed.
func Progress(t testing.TB, what string, check func() (count int, err error)) time.Duration {
	t.Helper()
	begin := time.Now()
	last, changed := 0, begin
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		count, err := check()
		if err == nil {
			return time.Since(begin)
		}
		if count != last {
			last, changed = count, time.Now()
		}
		if time.Since(changed) > HangTimeout {
			t.Fatalf("%s: not after %v: %v", what, time.Since(begin).Round(time.Second), err)
		}
		time.Sleep(pause)
	}
}

// True makes a check for [Eventually] of a condition.
func True(condition func() bool) func() error {
	return func() error {
		if !condition() {
			return errors.New("the condition is false")
		}
		return nil
	}
}
