package httpapi_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
)

// goldenRow is a value calculated by an independent program.
type goldenRow struct {
	Index             int64
	DigitCount        int64
	Leading, Trailing string
	SHA256            string
}

func goldenRows(t *testing.T) map[int64]goldenRow {
	t.Helper()
	text, err := os.ReadFile("../../testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []goldenRow
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	rows := make(map[int64]goldenRow)
	for _, row := range list {
		rows[row.Index] = row
	}
	return rows
}

func TestSubmit_IsCalculatedToTheGoldenValue(t *testing.T) {
	t.Parallel()
	golden := goldenRows(t)
	// The rows do not include −8: F(−8) = −21.
	golden[-8] = goldenRow{Index: -8, DigitCount: 2, Leading: "21", Trailing: "21", SHA256: hash("21")}
	s := newTestServer(t, nil)
	s.startWorker()
	for _, n := range []int64{0, 1, 10, 93, 1000, 100000, -8} {
		row, known := golden[n]
		if !known {
			t.Fatalf("no golden value of %d", n)
		}
		seen := decode[httpapi.Submitted](s.submit(fmt.Sprintf(`{"index": %d}`, n)).want(202).
			wantHeader("Location", fmt.Sprintf("values/%d", n)).wantHeader("Cache-Control", "no-store"))
		if seen.Index != n || seen.Submissions != 1 || !seen.FirstSeenAt.Equal(seen.LastSeenAt) {
			t.Errorf("submitted %d: %+v", n, seen)
		}
		value := decode[httpapi.ValueState](s.get(fmt.Sprintf("/values/%d", n), "Prefer: wait=30").want(200))
		checkGolden(t, row, value)
		if digits := s.get(fmt.Sprintf("/values/%d/digits", n)).want(200); hash(digits.text) != row.SHA256 {
			t.Errorf("the digits of F(%d) are wrong: %.100s", n, digits.text)
		}
	}
}

func checkGolden(t *testing.T, row goldenRow, v httpapi.ValueState) {
	t.Helper()
	if v.Index != row.Index || v.State != "calculated" || v.Sign == nil || v.DigitCount == nil || v.CalculatedAt == nil || v.DurationMs == nil {
		t.Fatalf("F(%d) is %+v", row.Index, v)
	}
	sign := map[bool]int{true: 1}[row.Index > 0]
	prefix := ""
	if row.Index < 0 && row.Index%2 == 0 {
		sign, prefix = -1, "-"
	}
	if *v.Sign != sign || *v.DigitCount != row.DigitCount {
		t.Errorf("F(%d) has sign %d and %d digits", row.Index, *v.Sign, *v.DigitCount)
	}
	if row.DigitCount > core.WholeDigits {
		if v.Value != "" || !strings.HasPrefix(v.Leading, row.Leading) || !strings.HasSuffix(v.Trailing, row.Trailing) {
			t.Errorf("F(%d) is %+v, want its first and last digits", row.Index, v)
		}
		return
	}
	if v.Leading != "" || v.Trailing != "" || !strings.HasPrefix(v.Value, prefix) || hash(strings.TrimPrefix(v.Value, "-")) != row.SHA256 {
		t.Errorf("F(%d) = %q", row.Index, v.Value)
	}
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestSubmit_OfACalculatedIndexIs200(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(10)
	seen := decode[httpapi.Submitted](s.submit(`{"index": 10}`).want(200).wantHeader("Location", "values/10"))
	if seen.State != "calculated" || seen.Submissions != 2 {
		t.Errorf("submitted again: %+v", seen)
	}
}

func TestSubmit_BatchKeepsItsOrder(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	batch := decode[httpapi.Submitted](s.submit(`{"indices": [3, -8, 3, 1000]}`).want(202).wantHeader("Location", ""))
	for i, n := range []int64{3, -8, 3, 1000} {
		if batch.Items[i].Index != n || batch.Items[i].State != "pending" {
			t.Errorf("item %d is %+v, want the pending %d", i, batch.Items[i], n)
		}
	}
	if len(batch.Items) != 4 || batch.Items[0].Submissions != 2 {
		t.Errorf("a batch of 4, one of them twice: %+v", batch)
	}
	s.calculated(3, -8, 1000)
	again := decode[httpapi.Submitted](s.submit(`{"indices": [3, 1000]}`).want(200))
	if len(again.Items) != 2 || again.Items[1].State != "calculated" {
		t.Errorf("a batch of calculated indices: %+v", again)
	}
	s.submit(`{"indices": [3, 5000]}`).want(202)
}

func TestSubmit_BatchHoldsUpToAThousand(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	numbers := make([]string, 1000)
	for i := range numbers {
		numbers[i] = (core.Index(i) - maxIndex).String()
	}
	batch := decode[httpapi.Submitted](s.submit(`{"indices": [` + strings.Join(numbers, ", ") + `]}`).want(202))
	if len(batch.Items) != 1000 {
		t.Errorf("the batch of 1,000 has %d items", len(batch.Items))
	}
	p := s.submit(`{"indices": [` + strings.Join(numbers, ", ") + `, 1]}`).problem(422)
	if p.Errors[0].Location != "body.indices" {
		t.Errorf("a batch of 1,001: %+v", p)
	}
}

// As in JSON Schema, the number counts and not its notation.
func TestSubmit_IntegersMayHaveEveryNotationOfJSON(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for text, n := range map[string]int64{
		"1e5": 100000, "1.0": 1, "-0": 0, "-8.0": -8, "2.50e2": 250, "1E+3": 1000, "\n 7\t": 7,
	} {
		seen := decode[httpapi.Submitted](s.submit(`{"index": ` + text + `}`).want(202))
		if seen.Index != n {
			t.Errorf("%s was read as %d", text, seen.Index)
		}
		batch := decode[httpapi.Submitted](s.submit(`{"indices": [` + text + `]}`).want(202))
		if len(batch.Items) != 1 || batch.Items[0].Index != n {
			t.Errorf("%s in a batch was read as %+v", text, batch)
		}
	}
}

func TestSubmit_ContentTypeIsJSONOrAbsent(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.ask(http.MethodPost, "/indices", `{"index": 5}`, "Content-Type: application/json; charset=utf-8").want(202)
	response, err := transport.RoundTrip(s.request(http.MethodPost, "/indices", `{"index": 5}`))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusAccepted {
		t.Errorf("without Content-Type: %d", response.StatusCode)
	}
	for _, other := range []string{"text/plain", "application/x-www-form-urlencoded", "application/vnd.other+json", "application/problem+json", "json"} {
		p := s.ask(http.MethodPost, "/indices", `{"index": 5}`, "Content-Type: "+other).problem(415)
		if p.Errors[0].Location != "header.Content-Type" || p.Errors[0].Value != other {
			t.Errorf("Content-Type %s: %+v", other, p)
		}
	}
}
