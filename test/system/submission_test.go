package system

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

func TestSubmission_ThousandOfOneIndexMakeOneRecordAndOneCalculation(t *testing.T) {
	t.Parallel()
	const submissions = 1000
	const n core.Index = 123_456
	s := newSystem(t)
	_, c := s.startAPI()
	w := s.startWorker()
	var all sync.WaitGroup
	begin := time.Now()
	for range submissions {
		all.Go(func() {
			if a, err := c.TrySubmit(n); err != nil || a.StatusCode != http.StatusAccepted && a.StatusCode != http.StatusOK {
				t.Errorf("submitted: %d %s, %v", a.StatusCode, a.Text, err)
			}
		})
	}
	all.Wait()
	measured(t, "%d concurrent submissions in %v", submissions, time.Since(begin).Round(time.Millisecond))
	testkit.Eventually(t, "the value", c.Is(n, "calculated"))
	before := values(c, "")

	records := 0
	for record, err := range c.Indices(t.Context()) {
		if records++; err != nil || record.Submissions != submissions {
			t.Fatalf("the record: %+v, %v", record, err)
		}
	}
	if records != 1 {
		t.Errorf("%d records", records)
	}
	for range 10 {
		if a, err := c.TrySubmit(n); err != nil || a.StatusCode != http.StatusOK || !strings.Contains(a.Text, `"state":"calculated"`) {
			t.Errorf("submitted again: %d %s, %v", a.StatusCode, a.Text, err)
		}
	}
	if after := values(c, ""); after != before {
		t.Errorf("the values were %s and are %s", before, after)
	}
	if times := w.Calculations(); times != 1 {
		t.Errorf("calculated %d times", times)
	}
}

// values returns the list of values, as JSON of the API below a prefix.
func values(c *pisano.Client, prefix string) string {
	return c.Want(http.StatusOK, http.MethodGet, prefix+"/values", "").Text
}
