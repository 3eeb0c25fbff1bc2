package httpapi

import (
	"maps"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// example is an exchange that the document shows. Tests check that the server
// responds with it, except for times and random ids.
type example struct {
	operation string
	status    string
	name      string // unique within the operation; names the request, too
	summary   string
	request   any // the request body, if there is one
	response  any
}

// examples returns the examples of the document.
func examples() []example {
	index := func(n Integer) *Integer { return &n }
	first := time.Date(2026, time.March, 14, 15, 9, 26, 0, time.UTC)
	later := first.Add(250 * time.Millisecond)
	pending := func(n int64) SeenIndex {
		return SeenIndex{Index: n, State: "pending", FirstSeenAt: first, LastSeenAt: first, Submissions: 1}
	}
	one := func(seen SeenIndex) Submitted { return Submitted{Items: []SeenIndex{seen}, SeenIndex: &seen} }
	ten := Value{Index: 10, Sign: 1, DigitCount: 2, Value: "55", CalculatedAt: later, DurationMs: 0.012}
	tenState := ValueState{
		Index: 10, State: "calculated", Sign: &ten.Sign, DigitCount: &ten.DigitCount,
		Value: ten.Value, CalculatedAt: &later, DurationMs: &ten.DurationMs,
	}
	long := ValueState{
		Index: 10_000, State: "calculated", Sign: &ten.Sign, DigitCount: new(int64(2090)),
		Leading:      "33644764876431783266621612005107543310302148460680",
		Trailing:     "82050562430701794976171121233066073310059947366875",
		CalculatedAt: &later, DurationMs: new(0.204),
	}
	problem := func(status int, kind, detail string, fields ...FieldError) *Problem {
		p := newProblem(status, detail, fields...)
		p.Kind, p.Instance = kind, "#7KQZ3V5N2M4XJ6RWPA8TBHEDCY"
		return p
	}
	ready := func(status, cache string) Readiness {
		return Readiness{Status: status, Dependencies: []Dependency{
			{Name: "indexStore", Status: "ok"}, {Name: "valueCache", Status: cache}, {Name: "workQueue", Status: "ok"},
		}}
	}
	alive := []LiveWorker{
		{Name: "5GQX2LDNCKFQ7AT4Y6RWUJ3ZPM", Slots: 2, SilentSeconds: 0.8}, {Name: "KZ4M7YB2VNE5TQ6RHXWJ3ADPUC", Slots: 2, SilentSeconds: 2.1},
	}
	parts := func(cache string, waiting, workers int) ServiceStatus {
		return ServiceStatus{Parts: []Part{
			{Name: "api", Software: own, Status: "ok"},
			{Name: "indexStore", Software: "PostgreSQL", Status: "ok"},
			{Name: "valueCache", Software: "Redis", Status: cache},
			{Name: "workQueue", Software: "Redis", Status: "ok", Waiting: &waiting},
			{Name: "worker", Software: own, Status: statusOf(workers > 0), Count: &workers},
		}, Recovery: Recovery{Mode: "eager", Lost: new(0), Waiting: new(0), WaitingSeconds: new(0.0)}, Workers: alive[:workers]}
	}
	const notSeen = "F(77) has not been submitted. Submit it first."
	return []example{
		{"submitIndex", "202", "one", "One index", Submission{Index: index(1000)}, one(pending(1000))},
		{"submitIndex", "202", "several", "Several indices", Submission{Indices: []Integer{1000, -8}}, Submitted{Items: []SeenIndex{pending(1000), pending(-8)}}},
		{"submitIndex", "200", "calculated", "An index that is already calculated", Submission{Index: index(10)}, one(SeenIndex{
			Index: 10, State: "calculated", FirstSeenAt: first, LastSeenAt: later, Submissions: 2,
		})},
		{"listIndices", "200", "page", "", nil, SeenIndices{Items: []SeenIndex{pending(-8), pending(1000)}}},
		{"listValues", "200", "page", "", nil, Values{Items: []Value{ten}}},
		{"getValue", "200", "calculated", "A value of up to 1,000 digits", nil, tenState},
		{"getValue", "200", "long", "A longer value: its first and last digits", nil, long},
		{"getValue", "200", "pending", "A pending index", nil, ValueState{Index: 1000, State: "pending"}},
		{"getValue", "404", "notSeen", "An index that has not been submitted", nil, problem(404, "notFound", notSeen, FieldError{Location: "path.index", Message: notSeen})},
		{"getEstimate", "200", "small", "", nil, IndexEstimate{Index: 1000, Estimate: Estimate{Digits: 209, Bytes: 65_536, Seconds: 0.0000018}}},
		{"getNumber", "200", "ten", "", nil, NumberFacts{
			Index: "10", SmallPrimeFactors: []uint64{5, 11}, Divisors: []int64{1, 2, 5, 10},
			Number: TermFacts{Sign: 1, DigitCount: "2", Value: "55", Scientific: "5.5e+1", Primality: Primality{Verdict: "composite", Reason: "F(n/2) divides F(n).", Divisor: "5"}},
			Lucas:  TermFacts{Sign: 1, DigitCount: "3", Value: "123", Scientific: "1.23e+2", Primality: Primality{Verdict: "composite", Reason: "L(2) divides L(n).", Divisor: "2"}},
		}},
		{"listNumbers", "200", "two", "", nil, []Number{
			{Index: 9, Value: "34", DigitCount: 2, Ratio: new(34.0 / 21)}, {Index: 10, Value: "55", DigitCount: 2, Ratio: new(55.0 / 34)},
		}},
		{"getRemainder", "200", "steps", "", nil, Remainder{Index: "10", Modulus: "7", Remainder: "6", Steps: []DoublingStep{
			{"1", "1", "1"}, {"2", "1", "2"}, {"5", "5", "1"}, {"10", "6", "5"},
		}}},
		{"getPeriod", "200", "ten", "", nil, Period{Modulus: "10", Period: "60", Rank: "15", Ratio: 4, Factors: []PeriodFactor{
			{"2", 1, "3", "3"}, {"5", 1, "20", "5"},
		}}},
		{"getInverse", "200", "fibonacci", "A Fibonacci number", nil, Preimage{Indices: []int64{30}, Below: 29, Above: 31}},
		{"getInverse", "200", "other", "Another number", nil, Preimage{Indices: []int64{}, Below: 11, Above: 12}},
		{"findInverse", "200", "one", "", LongInteger{Value: "-21"}, Preimage{Indices: []int64{-8}, Below: -10, Above: -6}},
		{"getZeckendorf", "200", "hundred", "", nil, Zeckendorf{Value: "100", Indices: []int{11, 6, 4}}},
		{"getStatus", "200", "well", "All parts work", nil, parts("ok", 0, 2)},
		{"getStatus", "200", "unwell", "The cache is unavailable and no worker is running", nil, parts("unavailable", 3, 0)},
		{"getHealth", "200", "alive", "", nil, Liveness{Status: "ok"}},
		{"getReadiness", "200", "ready", "", nil, ready("ready", "ok")},
		{"getReadiness", "503", "notReady", "", nil, ready("notReady", "unavailable")},
	}
}

// addExamples adds the examples to the bodies of requests and responses.
func addExamples(document *huma.OpenAPI) {
	operations := maps.Collect(operationsOf(document))
	for _, e := range examples() {
		op := operations[e.operation]
		if e.request != nil {
			addExample(op.RequestBody.Content, e, e.request)
		}
		addExample(op.Responses[e.status].Content, e, e.response)
	}
}

func addExample(content map[string]*huma.MediaType, e example, value any) {
	for mediaType, media := range content {
		if !strings.HasSuffix(mediaType, "json") || mediaType == "application/x-ndjson" {
			continue
		}
		if media.Examples == nil {
			media.Examples = make(map[string]*huma.Example)
		}
		media.Examples[e.name] = &huma.Example{Summary: e.summary, Value: value}
	}
}
