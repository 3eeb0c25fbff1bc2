package pisano_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

// from returns count indices, first and those that follow it.
func from(first int64, count int) []int64 {
	indices := make([]int64, count)
	for i := range indices {
		indices[i] = first + int64(i)
	}
	return indices
}

func TestWaitAll_ReturnsAnyNumberOfStatesInOrder(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	indices := from(0, 2500)
	slices.Reverse(indices)
	indices = append(indices, 7)
	seen, err := api.SubmitAll(t.Context(), indices...)
	if err != nil || !slices.EqualFunc(seen, indices, func(s pisano.SeenIndex, n int64) bool { return s.Index == n }) {
		t.Fatalf("submitted %d of %d: %v", len(seen), len(indices), err)
	}
	states, err := api.WaitAll(callContext(t), indices...)
	if err != nil || !slices.EqualFunc(states, indices, func(s pisano.ValueState, n int64) bool { return s.Index == n && s.State == pisano.StateCalculated }) {
		t.Fatalf("%d states: %v", len(states), err)
	}
	if last := states[len(states)-1]; last.Value != "13" {
		t.Errorf("the last is %v", last)
	}
	for _, none := range [][]int64{nil, {}} {
		if states, err := api.WaitAll(t.Context(), none...); len(states) != 0 || err != nil {
			t.Errorf("of nothing: %v, %v", states, err)
		}
	}
}

func TestWaitAll_FailsForAnIndexThatWasNotSubmitted(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	if _, err := api.Submit(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	_, err := api.WaitAll(callContext(t), 1, 2)
	var p *pisano.ProblemError
	if !errors.As(err, &p) || p.Kind != pisano.ProblemKindNotFound {
		t.Errorf("%v", err)
	}
}

func TestStates_FitIntoAURL(t *testing.T) {
	t.Parallel()
	var counts []int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.RequestURI) > 8000 {
			t.Errorf("a URL has %d characters", len(r.RequestURI))
		}
		counts = append(counts, strings.Count(r.URL.Query().Get("index"), ",")+1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"items": []}`)
	}))
	t.Cleanup(server.Close)
	api := client(t, server.URL)
	for _, indices := range [][]int64{from(0, 1001), from(1<<53-1000, 1000)} {
		if states, err := api.States(t.Context(), indices...); err != nil || len(states) != 0 {
			t.Errorf("%v, %v", states, err)
		}
	}
	if !slices.Equal(counts, []int{1000, 1, 368, 368, 264}) {
		t.Errorf("the requests were for %v indices", counts)
	}
}

// refusing starts a server that refuses submissions with the kind of problem that
// refuse returns, if any, and returns a client of it and the sizes it accepted.
func refusing(t *testing.T, retry time.Duration, refuse func(size int) string) (*pisano.API, *[]int) {
	t.Helper()
	sizes := new([]int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, list, _ := strings.Cut(strings.TrimSuffix(string(body), "]}"), "[")
		indices := strings.Split(list, ",")
		if kind := refuse(len(indices)); kind != "" {
			w.Header().Set("Content-Type", "application/problem+json")
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"status": 429, "title": "No", "detail": "No.", "kind": "`+kind+`"}`)
			return
		}
		*sizes = append(*sizes, len(indices))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"items": [{"state": "pending", "index": `+strings.Join(indices, `}, {"state": "pending", "index": `)+`}]}`)
	}))
	t.Cleanup(server.Close)
	return client(t, server.URL, pisano.WithRetry(retry)), sizes
}

func TestSubmitAll_WaitsForRoomForLongerThanARequestIsRepeated(t *testing.T) {
	t.Parallel()
	refusals := 0
	overloaded := func(int) string {
		if refusals++; refusals > 2 {
			return ""
		}
		return "overloaded"
	}
	api, sizes := refusing(t, time.Nanosecond, overloaded)
	if seen, err := api.SubmitAll(t.Context(), from(0, 1500)...); err != nil || len(seen) != 1500 || !slices.Equal(*sizes, []int{1000, 500}) {
		t.Errorf("%d submitted in chunks of %v, %v", len(seen), *sizes, err)
	}
	refusals = 0
	impatient, _ := refusing(t, 0, overloaded)
	var p *pisano.ProblemError
	if _, err := impatient.SubmitAll(t.Context(), 1); !errors.As(err, &p) || p.Kind != pisano.ProblemKindOverloaded {
		t.Errorf("%v", err)
	}
}

func TestSubmitAll_DividesWhatIsTooMuchAtOnce(t *testing.T) {
	t.Parallel()
	api, sizes := refusing(t, 0, func(size int) string {
		if size > 300 {
			return "tooLarge"
		}
		return ""
	})
	if seen, err := api.SubmitAll(t.Context(), from(0, 600)...); err != nil || len(seen) != 600 || !slices.Equal(*sizes, []int{300, 300}) {
		t.Errorf("%d submitted in chunks of %v, %v", len(seen), *sizes, err)
	}
	strict, _ := refusing(t, 0, func(int) string { return "tooLarge" })
	var p *pisano.ProblemError
	if _, err := strict.SubmitAll(t.Context(), 1, 2); !errors.As(err, &p) || p.Kind != pisano.ProblemKindTooLarge {
		t.Errorf("%v", err)
	}
}

func TestIndices_HaveALimitAndBeginAfterACursor(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	if _, err := api.SubmitAll(t.Context(), from(0, 500)...); err != nil {
		t.Fatal(err)
	}
	list := func(options ...pisano.ListOption) (listed []int64) {
		for seen, err := range api.Indices(t.Context(), options...) {
			if err != nil {
				t.Fatal(err)
			}
			listed = append(listed, seen.Index)
		}
		return listed
	}
	if listed := list(pisano.Limit(250)); len(listed) != 250 || listed[0] != 499 || listed[249] != 250 {
		t.Errorf("listed %v", listed)
	}
	limit := int64(3)
	page, err := api.ListIndicesWithResponse(t.Context(), &pisano.ListIndicesParams{Limit: &limit})
	if err != nil || page.JSON200 == nil {
		t.Fatal(err)
	}
	if listed := list(pisano.From(page.JSON200.NextCursor), pisano.Limit(2)); !slices.Equal(listed, []int64{496, 495}) {
		t.Errorf("after three: %v", listed)
	}
	if listed := list(pisano.Limit(0)); listed != nil {
		t.Errorf("with a limit of 0: %v", listed)
	}
}

func TestExampleOfMany_LosesNothingWhenTheAPIRestarts(t *testing.T) {
	t.Parallel()
	s, api := start(t)
	example := exec.CommandContext(t.Context(), "go", "run", "./example/many", s.url+"/api")
	output, err := example.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var events bytes.Buffer
	example.Stderr = &events
	if err := example.Start(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for scanner := bufio.NewScanner(output); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if scanner.Text() == "2000 submitted" {
			s.restart()
		}
	}
	if err := example.Wait(); err != nil || len(lines) != 3 || !strings.HasPrefix(lines[1], "2000 calculated or failed, the last is F(11999) = 19643") {
		t.Errorf("%v: %q, %s", err, lines, &events)
	}
	if !strings.Contains(events.String(), "refetch\n") {
		t.Errorf("the events are %s", &events)
	}
	// A value can be had a moment before its index is listed as calculated.
	listed := func() (recorded, calculated int) {
		for seen, err := range api.Indices(t.Context()) {
			if err != nil || seen.Submissions != 1 {
				t.Fatalf("%v, %v", seen, err)
			}
			recorded++
			if seen.State == pisano.StateCalculated {
				calculated++
			}
		}
		return recorded, calculated
	}
	recorded, calculated := listed()
	for began := time.Now(); calculated < recorded && time.Since(began) < hangTimeout; recorded, calculated = listed() {
		time.Sleep(10 * time.Millisecond)
	}
	if recorded != 2000 || calculated != 2000 {
		t.Errorf("%d of %d indices are calculated", calculated, recorded)
	}
}
