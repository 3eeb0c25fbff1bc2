package pisano_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

func TestWait_ReturnsTheCalculatedValue(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	seen, err := api.Submit(t.Context(), -8)
	if err != nil || seen.Index != -8 || seen.Submissions != 1 {
		t.Fatalf("submitted: %+v, %v", seen, err)
	}
	value, err := api.Wait(t.Context(), -8)
	if err != nil || value.State != pisano.StateCalculated {
		t.Fatalf("waited: %+v, %v", value, err)
	}
	if value.Value != "-21" || value.Sign != -1 || value.DigitCount != 2 || value.Leading != "" || value.Reason != "" {
		t.Errorf("F(-8) is %+v", value)
	}
	again, err := api.Submit(t.Context(), -8)
	if err != nil || again.State != pisano.StateCalculated || again.Submissions != 2 {
		t.Errorf("submitted again: %+v, %v", again, err)
	}
}

func TestOperations_ReturnTheirTypes(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	health, err := api.GetHealthWithResponse(t.Context())
	if err != nil || health.JSON200 == nil || health.JSON200.Status != pisano.LivenessStatusOk {
		t.Errorf("health: %+v, %v", health, err)
	}
	ready, err := api.GetReadinessWithResponse(t.Context())
	if err != nil || ready.JSON200 == nil || len(ready.JSON200.Dependencies) != 3 {
		t.Errorf("readiness: %+v, %v", ready, err)
	}
	calculated(t, api, 10)
	first, err := api.GetValueWithResponse(t.Context(), 10, nil)
	if err != nil || first.JSON200 == nil || first.JSON200.Value != "55" {
		t.Fatalf("value: %+v, %v", first, err)
	}
	tag := first.HTTPResponse.Header.Get("ETag")
	second, err := api.GetValueWithResponse(t.Context(), 10, &pisano.GetValueParams{IfNoneMatch: &tag})
	if err != nil || second.StatusCode() != 304 || second.JSON200 != nil {
		t.Errorf("value that the client has already: %+v, %v", second, err)
	}
}

func TestEstimate_RecordsNothing(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	estimate, err := api.Estimate(t.Context(), -1000)
	if err != nil || estimate.Index != -1000 || estimate.Digits != 209 || estimate.Bytes <= 0 || estimate.Seconds <= 0 {
		t.Errorf("the estimate is %+v, %v", estimate, err)
	}
	for seen, err := range api.Indices(t.Context()) {
		t.Errorf("an index was recorded: %+v, %v", seen, err)
	}
	for _, n := range []int64{1_000_000_000, 1 << 62, -1 << 63} {
		_, err = api.Estimate(t.Context(), n)
		var problem *pisano.ProblemError
		if !errors.As(err, &problem) || problem.Kind != pisano.ProblemKindTooLarge || problem.Estimate == nil {
			t.Errorf("%d, which is too large: %v", n, err)
		}
	}
}

func TestStatus_DescribesEachPart(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	calculated(t, api, 10) // so there is a worker
	var status pisano.ServiceStatus
	for ctx := callContext(t); ; { // the server caches its overview for a second, so an earlier one may lack the worker
		var err error
		if status, err = api.Status(ctx); err != nil || len(status.Parts) != 5 {
			t.Fatalf("the status is %+v, %v", status, err)
		}
		if status.Parts[4].Status == pisano.PartStatusOk {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	for _, part := range status.Parts {
		if part.Status != pisano.PartStatusOk || part.Software == "" {
			t.Errorf("%+v", part)
		}
	}
	queue, worker := status.Parts[3], status.Parts[4]
	if queue.Name != pisano.PartNameWorkQueue || queue.Waiting == nil || worker.Count == nil || *worker.Count != 1 {
		t.Errorf("the queue is %+v, the worker %+v", queue, worker)
	}
}

func TestIndices_FiveThousandAreListedInOrder(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	const count = 5000
	indices := make([]int64, count)
	for i := range indices {
		indices[i] = int64(i)
	}
	if _, err := api.SubmitAll(t.Context(), indices...); err != nil {
		t.Fatal(err)
	}
	next := int64(count) // newest first
	for seen, err := range api.Indices(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if next--; seen.Index != next {
			t.Fatalf("index %d, want %d", seen.Index, next)
		}
	}
	if next != 0 {
		t.Errorf("%d are missing", next)
	}
	for _, err := range api.Indices(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		break // a loop may end early
	}
}

func TestValues_AreListedNewestFirst(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	var want, got []int64
	for index := range int64(5) {
		calculated(t, api, index)
		want = append([]int64{index}, want...)
	}
	for value, err := range api.Values(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, value.Index)
	}
	if !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
}

func TestDigits_AreReadWholeAndInRanges(t *testing.T) {
	t.Parallel()
	_, api := start(t)
	// F(1000000) according to testdata/golden.json.
	const index, digitCount, sum = 1_000_000, 208_988, "aef6e8c19df607aa07940f2abde8460d1b34c18df1a6f46b5fc04dfe9be51706"
	if value := calculated(t, api, index); value.DigitCount != digitCount {
		t.Errorf("F(%d) is %+v", index, value)
	}
	whole := read(t)(api.Digits(t.Context(), index))
	if digest := sha256.Sum256([]byte(whole)); len(whole) != digitCount || hex.EncodeToString(digest[:]) != sum {
		t.Errorf("%d digits with the sum %x", len(whole), digest)
	}
	const slice = 50_000
	var joined strings.Builder
	for first := int64(0); first < digitCount; first += slice {
		joined.WriteString(read(t)(api.DigitStream(t.Context(), index, first, slice))) // the last is shorter
	}
	if joined.String() != whole {
		t.Errorf("the slices are not the whole: %d digits", joined.Len())
	}
	for _, first := range []int64{0, 1, 2, digitCount - 1} {
		if rest, err := api.DigitRange(t.Context(), index, first, math.MaxInt64); err != nil || rest != whole[first:] {
			t.Errorf("%d digits follow from number %d on, %v", len(rest), first, err)
		}
	}
	if middle, err := api.DigitRange(t.Context(), index, 104_000, 10); err != nil || middle != whole[104_000:104_010] {
		t.Errorf("ten digits from the middle are %s, %v, want %s", middle, err, whole[104_000:104_010])
	}
}

// read reads a stream to its end.
func read(t *testing.T) func(io.ReadCloser, error) string {
	return func(r io.ReadCloser, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}
