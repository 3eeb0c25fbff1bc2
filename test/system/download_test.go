package system

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// golden returns the digits of a value, and their sha256, as others calculated
// them.
func golden(t *testing.T, n core.Index) (digitCount int64, sum string) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var values []struct {
		Index      core.Index
		DigitCount int64
		SHA256     string
	}
	if err := json.Unmarshal(text, &values); err != nil {
		t.Fatal(err)
	}
	for _, value := range values {
		if value.Index == n {
			return value.DigitCount, value.SHA256
		}
	}
	t.Fatalf("there is no golden F(%d)", n)
	return 0, ""
}

// digest downloads all digits of F(n) as they come and returns their sha256.
// When the first of them are there it waits for the others that begin.
func (c *client) digest(t *testing.T, n core.Index, others *sync.WaitGroup) (digits int64, sum string, err error) {
	begun := sync.OnceFunc(others.Done)
	defer begun()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/values/%d/digits", c.base, n), nil)
	if err != nil {
		return 0, "", err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	begun()
	others.Wait()
	hash := sha256.New()
	digits, err = io.Copy(hash, response.Body)
	return digits, hex.EncodeToString(hash.Sum(nil)), err
}

func TestFiftySimultaneousDownloadsOfTwoMillionDigitsAreRightAndNeedLittleMemory(t *testing.T) {
	t.Parallel()
	const n core.Index = 10_000_000
	const downloads = 50
	s := newSystem(t)
	api, c := s.startAPI()
	s.startWorker()
	c.mustSubmit(t, n)
	eventually(t, "the value", c.is(n, "calculated"))
	digitCount, sum := golden(t, n)

	before := api.memory("VmRSS")
	begin := time.Now()
	var all, begun sync.WaitGroup
	begun.Add(downloads)
	for range downloads {
		all.Go(func() {
			if digits, got, err := c.digest(t, n, &begun); err != nil || digits != digitCount || got != sum {
				t.Errorf("%d digits of %d, sha256 %s, %v", digits, digitCount, got, err)
			}
		})
	}
	all.Wait()
	took := time.Since(begin)
	raised := api.memory("VmHWM") - before
	if raised >= 64*mebibyte {
		t.Errorf("resident memory rose by %s", inMebibytes(raised))
	}
	measured(t, "%d downloads of F(%d) at once, %d digits each, all right, in %v; the API's resident memory rose from %s by %s",
		downloads, n, digitCount, took.Round(time.Millisecond), inMebibytes(before), inMebibytes(raised))
}

func TestSliceFromTheMiddleOfAHugeValueMovesLittle(t *testing.T) {
	t.Parallel()
	const n core.Index = 100_000_000
	const first, count = 10_000_000, 1000
	s := newSystem(t)
	_, c := s.startAPI()
	s.startWorker()
	c.mustSubmit(t, n)
	eventually(t, "the value", c.is(n, "calculated"))
	before := s.sent()
	a, err := c.do(http.MethodGet, fmt.Sprintf("/values/%d/digits", n), nil, "Range", fmt.Sprintf("bytes=%d-%d", first, first+count-1))
	moved := s.sent() - before // and what the workers ask for meanwhile
	if err != nil || a.status != http.StatusPartialContent || len(a.body) != count {
		t.Fatalf("the slice: %d, %d bytes, %v", a.status, len(a.body), err)
	}
	if moved >= mebibyte {
		t.Errorf("%d digits moved %s", count, inMebibytes(moved))
	}
	measured(t, "%d digits from the middle of F(%d) moved %d bytes from Redis", count, n, moved)

	whole, err := c.do(http.MethodGet, fmt.Sprintf("/values/%d/digits", n), nil)
	_, want := golden(t, n)
	if sum := sha256.Sum256(whole.body); err != nil || hex.EncodeToString(sum[:]) != want {
		t.Fatalf("the whole is not golden, %v", err)
	}
	if string(whole.body[first:first+count]) != string(a.body) {
		t.Error("the slice is not that of the whole")
	}
}
