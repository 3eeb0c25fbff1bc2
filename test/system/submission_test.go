package system

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestThousandSubmissionsOfOneIndexMakeOneRecordAndOneCalculation(t *testing.T) {
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
			if a, err := c.submit(n); err != nil || a.status != http.StatusAccepted && a.status != http.StatusOK {
				t.Errorf("submitted: %d %s, %v", a.status, a.body, err)
			}
		})
	}
	all.Wait()
	measured(t, "%d concurrent submissions in %v", submissions, time.Since(begin).Round(time.Millisecond))
	eventually(t, "the value", c.is(n, "calculated"))
	before := values(t, c)

	var list struct{ Items []state }
	if _, err := c.get("/indices", &list); err != nil || len(list.Items) != 1 || list.Items[0].Submissions != submissions {
		t.Errorf("the record: %+v, %v", list.Items, err)
	}
	for range 10 {
		a, err := c.submit(n)
		var again state
		if err == nil {
			err = json.Unmarshal(a.body, &again)
		}
		if err != nil || a.status != http.StatusOK || again.State != "calculated" {
			t.Errorf("submitted again: %d %s, %v", a.status, a.body, err)
		}
	}
	if after := values(t, c); after != before {
		t.Errorf("the values were %s and are %s", before, after)
	}
	if times := w.calculations(); times != 1 {
		t.Errorf("calculated %d times", times)
	}
}

// values returns the list of values as it is answered.
func values(t *testing.T, c *client) string {
	t.Helper()
	a, err := c.do(http.MethodGet, "/values", nil)
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("values: %d, %v", a.status, err)
	}
	return string(a.body)
}
