package load

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// eventsTimeout bounds the wait for the events after the last submission.
const eventsTimeout = time.Minute

// Latency is what RunEvents measured. Times are in milliseconds and begin when a submission was due, whenever it was sent.
type Latency struct {
	Submissions                int
	AcceptedP50, AcceptedP99   float64 // until the answer
	AnnouncedP50, AnnouncedP99 float64 // until the event that tells of the value
}

// RunEvents submits an index at regular times, however long the answers take, and follows the stream of events until each has its
// value.
func (j Job) RunEvents() (Latency, error) {
	ctx, cancel := context.WithTimeout(context.Background(), j.Duration+eventsTimeout)
	defer cancel()
	announced, err := follow(ctx, j.Events)
	if err != nil {
		return Latency{}, err
	}
	client, err := j.client()
	if err != nil {
		return Latency{}, err
	}
	count := int64(j.Duration.Seconds() * float64(j.Rate))
	exchanges := make(chan *exchange, j.Connections)
	for range j.Connections {
		exchanges <- j.exchange(client)
	}
	due, accepted, faults := make(map[int64]time.Time), make([]float64, count), make([]error, count)
	var all sync.WaitGroup
	begin := time.Now()
	for i := range count {
		at := begin.Add(time.Duration(i) * time.Second / time.Duration(j.Rate))
		due[j.index(i)] = at
		time.Sleep(time.Until(at))
		all.Go(func() {
			x := <-exchanges
			faults[i] = x.do(i)
			accepted[i] = milliseconds(time.Since(at))
			exchanges <- x
		})
	}
	all.Wait()
	if err := cmp.Or(faults...); err != nil {
		return Latency{}, err
	}
	until := make([]float64, 0, count)
	for len(due) > 0 {
		a, open := <-announced
		if !open {
			return Latency{}, fmt.Errorf("the stream of events ended before %d of %d values were announced", len(due), count)
		}
		if at, mine := due[a.index]; mine {
			delete(due, a.index)
			until = append(until, milliseconds(a.at.Sub(at)))
		}
	}
	return Latency{int(count), percentile(accepted, 50), percentile(accepted, 99), percentile(until, 50), percentile(until, 99)}, nil
}

// announcement is the event of a calculated value.
type announcement struct {
	index int64
	at    time.Time
}

// follow returns the announcements of values from when it returns until ctx ends.
func follow(ctx context.Context, url string) (<-chan announcement, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request) //nolint:bodyclose // closed by the goroutine below
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		_ = response.Body.Close()
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	announced := make(chan announcement, 1<<20)
	go func() {
		defer close(announced)
		defer func() { _ = response.Body.Close() }()
		lines := bufio.NewScanner(response.Body)
		for kind := ""; lines.Scan(); {
			name, text, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "event":
				kind = text
			case "data":
				var n int64
				if _, err := fmt.Sscanf(text, `{"index":%d,`, &n); err == nil && kind == "calculated" {
					announced <- announcement{n, time.Now()}
				}
			}
		}
	}()
	return announced, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func percentile(times []float64, p int) float64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}
