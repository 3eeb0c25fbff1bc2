package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

func TestEstimate_IsThatOfTheCalculatorAndRecordsNothing(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, n := range []int64{0, 10, -1000, 100_000, 1_000_000} {
		e := decode[httpapi.IndexEstimate](s.get(fmt.Sprintf("/estimates/%d", n)).want(200).
			wantHeader("Cache-Control", "public, max-age=60"))
		want := fibonacci.New().Estimate(core.Index(n))
		if e.Index != n || e.Digits != want.Digits || e.Bytes != want.Bytes {
			t.Errorf("F(%d): %+v, the calculator says %+v", n, e, want)
		}
		if ratio := e.Seconds / want.Duration.Seconds(); ratio < 0.99 || ratio > 1.01 {
			t.Errorf("F(%d): %v s, the calculator says %v", n, e.Seconds, want.Duration)
		}
	}
	if seen := decode[httpapi.SeenIndices](s.get("/indices").want(200)); len(seen.Items) != 0 {
		t.Errorf("an estimate recorded %+v", seen.Items)
	}
}

func TestEstimate_OfAnIndexThatIsRefusedIsItsProblem(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, n := range []string{
		"1000001", "-9007199254740991", "9007199254740992", "4611686018427387904", "-9223372036854775808",
		"9223372036854775808", "-99999999999999999999", strings.Repeat("9", 1000), // beyond 64 bits, and beyond a float64
	} {
		asked := s.get("/estimates/" + n).problem(422)
		submitted := s.submit(`{"index": ` + n + `}`).problem(422)
		if asked.Kind != "tooLarge" || asked.Detail != submitted.Detail || asked.Errors[0].Location != "path.index" {
			t.Errorf("%.40s: the problem of the estimate is %+v, of the submission %+v", n, asked, submitted)
		}
		if asked.Estimate == nil || *asked.Estimate != *submitted.Estimate || asked.Estimate.Seconds <= 0 {
			t.Errorf("%.40s: the estimate is %+v, in the submission's problem %+v", n, asked.Estimate, submitted.Estimate)
		}
	}
	for _, bad := range []string{"abc", "1.5", "+5", "007", "1e20"} {
		if p := s.get("/estimates/" + bad).problem(422); p.Kind != "invalid" || p.Errors[0].Location != "path.index" {
			t.Errorf("%s: %+v", bad, p)
		}
	}
	s.get("/estimates/").problem(404)
	s.get("/estimates").problem(404)
}
