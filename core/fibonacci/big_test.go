package fibonacci

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

func TestBig_AgreesWithPlainDoubling(t *testing.T) {
	t.Parallel()
	for _, n := range []uint64{0, 1, 2, 92, 93, 94, 185, 186, 187, 1000, 65_535, 65_536, 100_001, 1_500_000, 2_000_003} {
		for _, sign := range []core.Index{1, -1} {
			index := sign * core.Index(n)
			want := doubled(n)
			if index.Negative() {
				want.Neg(want)
			}
			if got, err := Big(t.Context(), index); err != nil || got.Cmp(want) != 0 {
				t.Errorf("F(%d) is another number; %v", index, err)
			}
		}
	}
}

func TestBig_RefusesWhatCalculateRefuses(t *testing.T) {
	t.Parallel()
	for n, kind := range map[core.Index]core.Kind{core.MaxIndex + 1: core.KindInvalid, core.MaxIndex: core.KindTooLarge} {
		if _, err := Big(t.Context(), n); core.KindOf(err) != kind {
			t.Errorf("F(%d): %v", n, err)
		}
	}
}

func TestBig_EndsPromptlyWhenCanceled(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	for _, after := range []time.Duration{0, time.Millisecond, 30 * time.Millisecond, 200 * time.Millisecond} {
		ctx, cancel := context.WithCancelCause(t.Context())
		var canceled time.Time
		time.AfterFunc(after, func() {
			canceled = time.Now()
			cancel(enough)
		})
		_, err := Big(ctx, 1_000_000_000) // an hour
		<-ctx.Done()
		t.Logf("cancelled after %v, ended %v later", after, time.Since(canceled))
		if !errors.Is(err, enough) || time.Since(canceled) > time.Minute {
			t.Errorf("cancelled after %v: %v, %v later", after, err, time.Since(canceled))
		}
	}
}

func BenchmarkBig(b *testing.B) {
	for n := core.Index(100); n <= 10_000_000; n *= 10 {
		b.Run("Big/"+strconv.Itoa(int(n)), func(b *testing.B) {
			for b.Loop() {
				_, _ = Big(b.Context(), n)
			}
		})
		b.Run("obvious/"+strconv.Itoa(int(n)), func(b *testing.B) {
			for b.Loop() {
				doubled(uint64(n))
			}
		})
	}
}
