package fibonacci

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

func TestGoldenValuesMatch(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Index      core.Index
		DigitCount int64
		SHA256     string
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if got := DigitCount(row.Index); got != row.DigitCount {
			t.Errorf("DigitCount(%d) = %d, want %d", row.Index, got, row.DigitCount)
		}
		if row.Index > 1_000_000 {
			continue
		}
		f, err := New().Calculate(context.Background(), row.Index, nil)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(f.String()))
		if got := hex.EncodeToString(sum[:]); got != row.SHA256 {
			t.Errorf("F(%d) has other digits", row.Index)
		}
	}
}
