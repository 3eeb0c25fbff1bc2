package core_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestSummary_AnotherVersionIsToldFromDamage(t *testing.T) {
	t.Parallel()
	summary := core.Summary{Index: 10, DigitCount: 2, Digits: "55", CalculatedAt: time.UnixMicro(1).UTC()}
	stored, err := summary.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	var read core.Summary
	if err := read.UnmarshalBinary(stored); err != nil || read != summary {
		t.Fatalf("read %+v, %v", read, err)
	}
	body := append([]byte{stored[0] + 1}, "whatever it holds"...)
	newer := binary.BigEndian.AppendUint32(body, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
	if err := read.UnmarshalBinary(newer); !errors.Is(err, core.ErrSummaryVersion) {
		t.Errorf("a summary of the next version: %v", err)
	}
	for _, whole := range [][]byte{stored, newer} {
		for i := range whole {
			damaged := append([]byte(nil), whole...)
			damaged[i] ^= 1
			if err := read.UnmarshalBinary(damaged); !errors.Is(err, core.ErrCorruptSummary) {
				t.Errorf("with byte %d of %q damaged: %v", i, whole, err)
			}
		}
	}
}
