package system

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

const many = 100_000

func TestOneFile_IsBackedUpWhileItServes(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	data := "PISANO_DATA=" + filepath.Join(folder, "pisano.db")
	program := pisano.Start(t, "api", data)
	c := program.Client("/api")
	c.MustSubmit(from(-many/2, many)...)

	// Submissions go on meanwhile, and none is refused.
	copied := make(chan struct{})
	file := filepath.Join(folder, "backup.db")
	go func() {
		defer close(copied)
		begin := time.Now()
		if _, err := runAPI(t, nil, data, "backup", file); err != nil {
			t.Error(err)
		}
		t.Logf("%d records and their values were copied in %v", many, time.Since(begin).Round(time.Millisecond))
	}()
	all := many
	for running := true; running; all++ {
		if answer, err := c.TrySubmit(core.Index(all)); err != nil || answer.StatusCode >= 300 {
			t.Errorf("while the file is copied: %d %s, %v", answer.StatusCode, answer.Text, err)
		}
		select {
		case <-copied:
			running = false
		default:
		}
	}
	if _, err := runAPI(t, nil, data, "restore", "--overwrite", file); err == nil || !strings.Contains(err.Error(), "stop it first") {
		t.Errorf("while the program runs: %v", err)
	}
	program.Stop()
	if _, err := runAPI(t, nil, data, "restore", file); err == nil || !strings.Contains(err.Error(), "records, which would be lost (") {
		t.Errorf("over records: %v", err)
	}

	// By way of standard output and input, to another place.
	content, err := runAPI(t, nil, data, "backup", "-")
	if err != nil {
		t.Fatal(err)
	}
	whole := "PISANO_DATA=" + filepath.Join(t.TempDir(), "whole.db")
	if _, err := runAPI(t, content, whole, "restore", "-"); err != nil {
		t.Fatal(err)
	}
	if _, err := runAPI(t, nil, data, "restore", "--overwrite", file); err != nil {
		t.Fatal(err)
	}
	wantRecords(t, whole, all, all)
	wantRecords(t, data, many, all)
}

// wantRecords starts the program on a file and counts its records: all that was submitted before the copy began, which are the small
// indices, and from least to most in total. What was pending in the copy is calculated.
func wantRecords(t *testing.T, data string, least, most int) {
	t.Helper()
	program := pisano.Start(t, "api", data)
	c := program.Client("/api")
	ctx, cancel := context.WithTimeout(t.Context(), testkit.HangTimeout)
	defer cancel()
	total, before := 0, 0
	for seen, err := range c.Indices(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		total++
		if seen.Index < many/2 {
			before++
		}
	}
	if before != many || total < least || total > most {
		t.Errorf("there are %d records, %d of them from before the copy; want %d to %d, and %d", total, before, least, most, many)
	}
	c.AwaitAll(total)
	c.WantRight(many/2 - 1)
	program.Stop()
}

// runAPI runs the api with arguments and returns what it printed. Its error has what the program printed on standard error.
func runAPI(t *testing.T, input []byte, data string, arguments ...string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testkit.HangTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, pisano.Path("api"), arguments...)
	command.Env, command.Stdin = []string{data}, bytes.NewReader(input)
	output, err := command.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	return output, err
}
