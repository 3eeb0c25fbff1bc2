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
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// golden returns the number of digits of a value and their SHA-256, of testdata/golden.json.
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

// digest downloads all digits of F(n) as they come and returns their SHA-256. After the first it waits until the others have begun.
func digest(t *testing.T, c *pisano.Client, n core.Index, others *sync.WaitGroup) (digits int64, sum string, err error) {
	begun := sync.OnceFunc(others.Done)
	defer begun()
	body, err := c.Digits(t.Context(), int64(n))
	if err != nil {
		return 0, "", err
	}
	defer body.Close()
	begun()
	others.Wait()
	hash := sha256.New()
	digits, err = io.Copy(hash, body)
	return digits, hex.EncodeToString(hash.Sum(nil)), err
}

func TestDownload_FiftyAtOnceAreRightAndNeedLittleMemory(t *testing.T) {
	t.Parallel()
	const n core.Index = 10_000_000
	const downloads = 50
	s := newSystem(t)
	api, c := s.startAPI()
	s.startWorker()
	c.MustSubmit(n)
	testkit.Eventually(t, "the value", c.Is(n, "calculated"))
	digitCount, sum := golden(t, n)

	before := api.Memory("VmRSS")
	begin := time.Now()
	var all, begun sync.WaitGroup
	begun.Add(downloads)
	for range downloads {
		all.Go(func() {
			if digits, got, err := digest(t, c, n, &begun); err != nil || digits != digitCount || got != sum {
				t.Errorf("%d digits of %d, sha256 %s, %v", digits, digitCount, got, err)
			}
		})
	}
	all.Wait()
	took := time.Since(begin)
	raised := api.Memory("VmHWM") - before
	if raised >= 64*mebibyte {
		t.Errorf("resident memory rose by %s", inMebibytes(raised))
	}
	measured(t, "%d downloads of F(%d) at once, %d digits each, all right, in %v; the API's resident memory rose from %s by %s",
		downloads, n, digitCount, took.Round(time.Millisecond), inMebibytes(before), inMebibytes(raised))
}

func TestDownload_OfASliceReadsLittleFromRedis(t *testing.T) {
	t.Parallel()
	const n core.Index = 100_000_000
	const first, count = 10_000_000, 1000
	s := newSystem(t)
	_, c := s.startAPI()
	s.startWorker()
	c.MustSubmit(n)
	testkit.Eventually(t, "the value", c.Is(n, "calculated"))
	before := s.sent()
	target := fmt.Sprintf("/values/%d/digits", n)
	a := c.Want(http.StatusPartialContent, http.MethodGet, target, "", fmt.Sprintf("Range: bytes=%d-%d", first, first+count-1))
	moved := s.sent() - before // and what the programs read at the same time
	if len(a.Text) != count {
		t.Fatalf("the slice has %d bytes", len(a.Text))
	}
	if moved >= mebibyte {
		t.Errorf("%d digits moved %s", count, inMebibytes(moved))
	}
	measured(t, "%d digits from the middle of F(%d) moved %d bytes from Redis", count, n, moved)

	whole := c.Want(http.StatusOK, http.MethodGet, target, "").Text
	_, want := golden(t, n)
	if sum := sha256.Sum256([]byte(whole)); hex.EncodeToString(sum[:]) != want {
		t.Fatal("the digits are not those of testdata/golden.json")
	}
	if whole[first:first+count] != a.Text {
		t.Error("the slice is not that of the whole")
	}
}
