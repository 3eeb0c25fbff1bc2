package httpapi_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

const immutable = "public, max-age=31536000, immutable"

// largestIndex is 10^1000, the largest index of the explorer.
var largestIndex = "1" + strings.Repeat("0", 1000)

func TestExplorer_AnswersAreImmutableAndRecordNothing(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, path := range []string{
		"/numbers/0", "/numbers/-10", "/numbers/1000000", "/numbers/" + largestIndex, "/numbers/-" + largestIndex,
		"/numbers/10/mod/1", "/numbers/" + largestIndex + "/mod/" + largestIndex, "/numbers/1000/mod/97?steps=true",
		"/periods/1", "/periods/10000?sequence=true", "/periods/18446744073709551615", "/periods/1000000000000000000000000000000",
		"/inverse/0", "/inverse/-1", "/inverse/" + largestIndex, "/zeckendorf/0", "/zeckendorf/" + largestIndex,
	} {
		s.get(path).want(200).wantHeader("Cache-Control", immutable)
	}
	s.get("/numbers?from=-5&to=5").want(200).wantHeader("Cache-Control", immutable+", no-transform") // a stream
	if seen := decode[httpapi.SeenIndices](s.get("/indices").want(200)); len(seen.Items) != 0 {
		t.Errorf("the explorer recorded %+v", seen.Items)
	}
}

func TestExplorer_MatchesGoldenFacts(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../testdata/golden-explorer.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Facts []struct{ N, DigitCount, Leading, Trailing string }
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	s := newTestServer(t, nil)
	for _, row := range golden.Facts {
		f := decode[httpapi.NumberFacts](s.get("/numbers/" + row.N).want(200)).Number
		if f.DigitCount != row.DigitCount || f.Leading != row.Leading || f.Trailing != row.Trailing {
			t.Errorf("F(%.50s…): %+v, want %+v", row.N, f, row)
		}
	}
}

func TestExplorer_RefusesWhatIsOutOfBoundsWithTheBound(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, row := range []struct{ path, location, bound string }{
		{"/numbers/" + largestIndex[:1000] + "1", "path.n", "10^1000"},
		{"/numbers/1/mod/" + largestIndex[:1000] + "1", "path.m", "10^1000"},
		{"/numbers/1/mod/0", "path.m", "1"},
		{"/numbers/" + largestIndex + "/mod/" + largestIndex + "?steps=true", "query.steps", "1000000"},
		{"/numbers?from=0&to=100000", "query.to", "10000000"},
		{"/numbers?from=1&to=0", "query.from", "before"},
		{"/numbers?from=9007199254740991&to=9007199254740991", "query.to", "10000000"},
		{"/periods/0", "path.m", "1"},
		{"/periods/1000000000000000000000000000001", "path.m", "10^30"},
		{"/periods/999999999999936000000000000583", "path.m", "999999999999936000000000000583"},
		{"/periods/10001?sequence=true", "query.sequence", "10000"},
		{"/zeckendorf/-1", "path.x", "negative"},
		{"/zeckendorf/" + largestIndex[:1000] + "1", "path.x", "10^1000"},
	} {
		p := s.get(row.path).problem(422)
		if len(p.Errors) != 1 || p.Errors[0].Location != row.location || !strings.Contains(p.Detail, row.bound) {
			t.Errorf("%.80s: %+v", row.path, p)
		}
	}
	for _, text := range []string{"abc", "+5", "007", "1.5", "1e3", "-0", "−5", "%20", "0x10", strings.Repeat("9", 1003)} {
		for path, location := range map[string]string{
			"/numbers/": "path.n", "/numbers/1/mod/": "path.m", "/periods/": "path.m", "/inverse/": "path.x", "/zeckendorf/": "path.x",
		} {
			if p := s.get(path + text).problem(422); p.Errors[0].Location != location {
				t.Errorf("%s%s: %+v", path, text, p)
			}
		}
	}
	s.wantAlive()
}

func TestRanges_AreTheNumbersInEachMediaType(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	path := "/numbers?from=-4&to=3"
	want := []string{"-3", "2", "-1", "1", "0", "1", "1", "2"}
	items := decode[[]httpapi.Number](s.get(path).want(200).wantHeader("Content-Type", "application/json").wantHeader("Vary", "Accept"))
	lines := strings.Split(strings.TrimSpace(s.get(path, "Accept: application/x-ndjson").want(200).text), "\n")
	rows := strings.Split(strings.TrimSpace(s.get(path, "Accept: text/html, text/*;q=0.5").want(200).text), "\r\n")
	if len(items) != len(want) || len(lines) != len(want) || len(rows) != len(want)+1 || rows[0] != "n,F(n),digits,ratio" {
		t.Fatalf("%v\n%q\n%q", items, lines, rows)
	}
	for i, value := range want {
		n := int64(i) - 4
		var line httpapi.Number
		if err := json.Unmarshal([]byte(lines[i]), &line); err != nil {
			t.Fatal(err)
		}
		for _, item := range []httpapi.Number{items[i], line} {
			if item.Index != n || item.Value != value || item.DigitCount != 1 || (item.Ratio == nil) != (n == 1) {
				t.Errorf("%+v, want F(%d) = %s", item, n, value)
			}
		}
		if fields := strings.Split(rows[i+1], ","); len(fields) != 4 || fields[0] != strconv.FormatInt(n, 10) || fields[1] != value || fields[2] != "1" {
			t.Errorf("the row %q, want F(%d) = %s", rows[i+1], n, value)
		}
	}
}

func TestRanges_HaveAllDigitsAndRatios(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	previous := 0.0
	for _, item := range decode[[]httpapi.Number](s.get("/numbers?from=2&to=2000").want(200)) {
		want, err := fibonacci.Text(t.Context(), core.Index(item.Index))
		if err != nil || item.Value != want || item.DigitCount != int64(len(want)) {
			t.Errorf("F(%d) = %s, want %s; %v", item.Index, item.Value, want, err)
		}
		value, _ := strconv.ParseFloat(item.Value, 64) // infinite from F(1477) on
		if previous > 0 && value < 1e300 {
			if difference := value/previous - *item.Ratio; difference < -1e-15 || difference > 1e-15 {
				t.Errorf("F(%d)/F(%d) = %v, want %v", item.Index, item.Index-1, *item.Ratio, value/previous)
			}
		}
		previous = value
	}
}

func TestInverse_TakesAMillionDigits(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	const n = 4_784_971
	text, err := fibonacci.Text(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	post := func(value string) answer {
		return s.ask(http.MethodPost, "/inverse", `{"value": "`+value+`"}`, "Content-Type: application/json")
	}
	if p := decode[httpapi.Preimage](post(text).want(200)); len(p.Indices) != 2 || p.Indices[1] != n {
		t.Errorf("%+v", p)
	}
	if p := post(text + "0").problem(422); p.Errors[0].Location != "body.value" {
		t.Errorf("%+v", p)
	}
	if p := post(strings.Repeat("1", 1<<20)).problem(413); p.Errors[0].Location != "body" || !strings.Contains(p.Detail, "1 MiB") {
		t.Errorf("%+v", p)
	}
	for body, location := range map[string]string{
		`{"value": "5", "value": "8"}`: "body.value", `{"Value": "5"}`: "body.Value", `{"value": "5", "Value": "8"}`: "body.Value",
	} {
		p := s.ask(http.MethodPost, "/inverse", body, "Content-Type: application/json").problem(422)
		if p.Errors[0].Location != location {
			t.Errorf("%s: %+v", body, p)
		}
	}
	for _, bad := range []string{"", "abc", "007", "+1", "1.0"} {
		if p := post(bad).problem(422); p.Errors[0].Location != "body.value" {
			t.Errorf("%q: %+v", bad, p)
		}
	}
}
