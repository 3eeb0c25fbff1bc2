package service

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pisano-dev/pisano/bench/service/load"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// subject is what takes turns with others in a row of the table.
type subject struct {
	name   string
	job    load.Job
	system *system                  // of Pisano, for its profile
	after  func(result load.Result) // what to do after each slice; nil: nothing
	rates  []float64                // a second, one for each round
}

// row compares subjects. Ratios are to each of the bases, in the same round.
type row struct {
	title    string
	subjects []*subject
	bases    []string
}

// run measures a row and prints it. Subjects take turns in short slices, so that other load on the machine affects all of them.
func (b *bench) run(r row) {
	b.t.Helper()
	for range b.rounds {
		for _, s := range r.subjects {
			result := b.turn(s, b.slice)
			s.rates = append(s.rates, float64(result.Requests)/result.Seconds)
		}
	}
	r.print()
	for _, s := range r.subjects {
		if *profiles && s.system != nil {
			done := b.profile(r.title+" "+s.name, s.system.pprof)
			b.turn(s, profileTime) // not counted
			done()
		}
	}
}

// turn runs one slice of a subject in a process of its own.
func (b *bench) turn(s *subject, d time.Duration) load.Result {
	b.t.Helper()
	s.job.Connections, s.job.Duration = connections, d
	result := do[load.Result](b, s.job)
	s.job.Skip += result.Sent // the next slice goes on
	if s.after != nil {
		s.after(result)
	}
	return result
}

// do runs a job of the load generator in a process of its own, on one processor.
func do[R any](b *bench, job load.Job) (result R) {
	b.t.Helper()
	text, err := json.Marshal(job)
	if err != nil {
		b.t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.t.Context(), job.Duration+testkit.HangTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, self)
	command.Env = append(os.Environ(), loadJob+"="+string(text), "GOMAXPROCS=1")
	var output, faults bytes.Buffer
	command.Stdout, command.Stderr = &output, &faults
	if err := command.Run(); err != nil {
		b.t.Fatalf("%s %s: %v\n%.2000s", job.Method, job.URL, err, faults.String())
	}
	if err := json.Unmarshal(output.Bytes(), &result); err != nil {
		b.t.Fatal(err)
	}
	return result
}

// print writes medians, with the lowest and the highest of the rounds.
func (r row) print() {
	heading("%s", r.title)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\ta second\tspread\t")
	for _, base := range r.bases {
		fmt.Fprintf(table, "of %s\tspread\t", base)
	}
	fmt.Fprintln(table)
	for _, s := range r.subjects {
		fmt.Fprintf(table, "%s\t%.0f\t%s\t", s.name, median(s.rates), spread(s.rates, "%.0f–%.0f"))
		for _, base := range r.bases {
			i := slices.IndexFunc(r.subjects, func(other *subject) bool { return other.name == base })
			if r.subjects[i] == s {
				fmt.Fprint(table, "\t\t")
				continue
			}
			ratios := make([]float64, len(s.rates))
			for round, rate := range s.rates {
				ratios[round] = rate / r.subjects[i].rates[round]
			}
			fmt.Fprintf(table, "%.2f\t%s\t", median(ratios), spread(ratios, "%.2f–%.2f"))
		}
		fmt.Fprintln(table)
	}
	_ = table.Flush() // to standard output
}

func median(figures []float64) float64 {
	sorted := slices.Sorted(slices.Values(figures))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

func spread(figures []float64, format string) string {
	return fmt.Sprintf(format, slices.Min(figures), slices.Max(figures))
}

// tryGet returns the body of an answer with status 200.
func (b *bench) tryGet(url string) (string, error) {
	ctx, cancel := context.WithTimeout(b.t.Context(), testkit.HangTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, response.Status)
	}
	return string(text), err
}

// get is tryGet for an answer that must contain a text.
func (b *bench) get(url, want string) string {
	b.t.Helper()
	text, err := b.tryGet(url)
	if err != nil || !strings.Contains(text, want) {
		b.t.Fatalf("%s: %.300s, %v", url, text, err)
	}
	return text
}

// constant returns a GET whose answer is always the same, and contains a text.
func (b *bench) constant(url, want string) load.Job {
	b.t.Helper()
	return load.Job{Method: http.MethodGet, URL: url, Status: http.StatusOK, Exact: b.get(url, want)}
}

// cached waits until nginx answers from its cache.
func (b *bench) cached(url string) {
	b.t.Helper()
	testkit.Eventually(b.t, url, func() error {
		request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }()
		if status := response.Header.Get("X-Cache-Status"); status != "HIT" {
			return fmt.Errorf("X-Cache-Status: %s", status)
		}
		return nil
	})
}
