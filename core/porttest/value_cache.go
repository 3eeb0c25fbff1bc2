package porttest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// DamageableCache is a ValueCache with the accidents that a test must be able
// to bring about.
type DamageableCache struct {
	core.ValueCache
	Flush  func()                    // loses everything at once
	Evict  func(n core.Index)        // loses one value
	Damage func(n core.Index, k int) // changes a stored byte of chunk k, of the summary for −1
}

// TestValueCache checks that an implementation keeps the contract of
// core.ValueCache. open returns one that holds nothing; subtests call it in
// parallel.
func TestValueCache(t *testing.T, open func(t *testing.T) DamageableCache) {
	for name, test := range map[string]func(*testing.T, DamageableCache){
		"Put/what is put is read back":                     putAndRead,
		"Put/a value may be replaced":                      putAgain,
		"Put/of several of one index the last is kept":     putTwice,
		"Put/short and long ones at once":                  putMixture,
		"Put/a batch of 5,000 is stored, found and listed": largePut,
		"Put/readers see whole values":                     putWhileReading,
		"Put/a new long value appears whole":               putWhole,
		"Put/a cancelled one stores all or nothing":        putCanceled,
		"Put/a replaced long value leaves nothing of it":   shorterValue,
		"Summaries/only those that are there":              summariesOfSome,
		"Summaries/the largest sizes of index are kept":    extremeValues,
		"Digits/any slice of a long value":                 digitSlices,
		"Digits/none outside the value":                    digitsOutside,
		"Digits/not found without a value":                 digitsMissing,
		"List/newest first, in pages, each once":           valuePages,
		"List/values of one moment are all listed":         valuesOfOneMoment,
		"List/lost values are not listed":                  lostValues,
		"Generation/changes when all is lost":              generationChanges,
		"Generation/stays through eviction":                generationStays,
		"Room/less is free once a value is put":            roomShrinks,
		"Damage/a damaged chunk drops the value":           damagedChunk,
		"Damage/a damaged summary drops the value":         damagedSummary,
		"calls with nothing to do do nothing":              cacheNothing,
		"calls with a cancelled context are cancelled":     cacheCanceled,
		"Ping/a cache that is there answers":               func(t *testing.T, c DamageableCache) { must(t, c.Ping(t.Context())) },
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, open(t)) })
	}
}

// digits is a text of any length whose slices are easy to tell apart.
func digits(length int) string {
	var b strings.Builder
	for i := 1; b.Len() < length; i++ {
		b.WriteString(core.Index(i).String())
	}
	return b.String()[:length]
}

func valueOf(t *testing.T, n core.Index, text string, at time.Time) core.Value {
	t.Helper()
	magnitude, err := decimal.Parse(text)
	must(t, err)
	return core.Value{Index: n, Magnitude: magnitude, CalculatedAt: at, Duration: 1500 * time.Microsecond}
}

func put(t *testing.T, c core.ValueCache, n core.Index, text string, at time.Time) core.Value {
	t.Helper()
	v := valueOf(t, n, text, at)
	must(t, c.Put(t.Context(), v))
	return v
}

// longText spans three chunks, the first of them not full.
var longText = digits(2*decimal.ChunkWords*decimal.WordDigits + 1000)

func putAndRead(t *testing.T, c DamageableCache) {
	for i, text := range []string{"0", "7", digits(19), digits(20), digits(core.WholeDigits), digits(core.WholeDigits + 1), longText} {
		v := put(t, c, core.Index(i), text, noon)
		found, err := c.Summaries(t.Context(), v.Index)
		must(t, err)
		if found[v.Index] != v.Summary() {
			t.Errorf("%d digits: summary %+v, want %+v", len(text), found[v.Index], v.Summary())
		}
		got, err := c.Digits(t.Context(), v.Index, 0, int64(len(text)))
		must(t, err)
		if string(got) != text {
			t.Errorf("%d digits: other digits came back", len(text))
		}
	}
}

func putAgain(t *testing.T, c DamageableCache) {
	put(t, c, 5, "1", noon)
	v := put(t, c, 5, digits(2000), noon.Add(time.Second))
	list, err := c.List(t.Context(), core.Position{}, 10)
	must(t, err)
	if len(list) != 1 || list[0] != v.Summary() {
		t.Errorf("after a value was replaced the list is %+v", list)
	}
}

func putTwice(t *testing.T, c DamageableCache) {
	for _, texts := range [][]string{{"1", "23"}, {longText, "4"}, {"5", longText}} {
		first, last := valueOf(t, 5, texts[0], noon), valueOf(t, 5, texts[1], noon.Add(time.Second))
		must(t, c.Put(t.Context(), first, valueOf(t, 6, "8", noon), last))
		found, err := c.Summaries(t.Context(), 5)
		must(t, err)
		if found[5] != last.Summary() {
			t.Errorf("of two values of one index %+v was kept; it must be the last", found[5])
		}
		wantDigits(t, c, 5, texts[1])
		wantIndices(t, listValues(t, c, 2, 1), 5, 6)
	}
}

func putMixture(t *testing.T, c DamageableCache) {
	texts := []string{"1", longText, "22", digits(core.WholeDigits + 1), longText[1:], "333"}
	var values []core.Value
	for n, text := range texts {
		values = append(values, valueOf(t, core.Index(n), text, noon))
	}
	must(t, c.Put(t.Context(), values...))
	for n, text := range texts {
		wantDigits(t, c, core.Index(n), text)
	}
}

func wantDigits(t *testing.T, c core.ValueCache, n core.Index, want string) {
	t.Helper()
	got, err := c.Digits(t.Context(), n, 0, int64(len(want)))
	must(t, err)
	if string(got) != want {
		t.Errorf("of the value of %d other digits came back than the %d that were put", n, len(want))
	}
}

func largePut(t *testing.T, c DamageableCache) {
	indices := sequence(-batch/2, batch)
	values := make([]core.Value, batch)
	for i, n := range indices {
		values[i] = valueOf(t, n, digits(1+i%2000), noon.Add(time.Duration(i)*time.Microsecond))
	}
	must(t, c.Put(t.Context(), values...))
	found, err := c.Summaries(t.Context(), indices...)
	must(t, err)
	if len(found) != batch {
		t.Fatalf("Summaries found %d values of %d that were put at once", len(found), batch)
	}
	for _, v := range values {
		if found[v.Index] != v.Summary() {
			t.Fatalf("the summary is %+v, want %+v", found[v.Index], v.Summary())
		}
	}
	newestFirst := slices.Clone(indices)
	slices.Reverse(newestFirst)
	if got := listValues(t, c, batch, 1000); !slices.Equal(got, newestFirst) {
		t.Errorf("List returned %d values, or in another order; %d were put", len(got), batch)
	}
	wantDigits(t, c, indices[batch-1], digits(1+(batch-1)%2000))
}

func cacheNothing(t *testing.T, c DamageableCache) {
	must(t, c.Put(t.Context()))
	found, err := c.Summaries(t.Context())
	if len(found) != 0 || err != nil {
		t.Errorf("Summaries of no indices: %v, %v", found, err)
	}
	wantIndices(t, listValues(t, c, 0, 10))
}

func cacheCanceled(t *testing.T, c DamageableCache) {
	v := put(t, c, 1, "1", noon)
	other := valueOf(t, 1, "2", noon)
	canceled(t, map[string]func(context.Context) error{
		"Put":        func(ctx context.Context) error { return c.Put(ctx, other) },
		"Summaries":  func(ctx context.Context) error { return second(c.Summaries(ctx, 1)) },
		"Digits":     func(ctx context.Context) error { return second(c.Digits(ctx, 1, 0, 1)) },
		"List":       func(ctx context.Context) error { return second(c.List(ctx, core.Position{}, 1)) },
		"Generation": func(ctx context.Context) error { return second(c.Generation(ctx)) },
		"Room":       func(ctx context.Context) error { return second(c.Room(ctx)) },
		"Ping":       c.Ping,
	})
	found, err := c.Summaries(t.Context(), 1)
	must(t, err)
	if found[1] != v.Summary() {
		t.Errorf("a Put that was cancelled before it began made %+v of %+v", found[1], v.Summary())
	}
}

func shorterValue(t *testing.T, c DamageableCache) {
	put(t, c, 5, longText, noon)
	put(t, c, 5, "12", noon)
	got, err := c.Digits(t.Context(), 5, 0, 2)
	must(t, err)
	if string(got) != "12" {
		t.Errorf("digits %q", got)
	}
	_, err = c.Digits(t.Context(), 5, 2, 1)
	wantKind(t, err, core.KindInvalid)
}

func putWhileReading(t *testing.T, c DamageableCache) {
	texts := []string{strings.Repeat("3", len(longText)), strings.Repeat("8", len(longText))}
	put(t, c, 1, texts[0], noon)
	var writer sync.WaitGroup
	stop := make(chan struct{})
	writer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				if err := c.Put(t.Context(), valueOf(t, 1, texts[i%2], noon)); err != nil {
					t.Errorf("Put: %v", err)
					return
				}
			}
		}
	})
	for range 20 {
		got, err := c.Digits(t.Context(), 1, 0, int64(len(longText)))
		if err != nil {
			t.Errorf("a value that is being replaced could not be read: %v", err)
		} else if s := string(got); s != texts[0] && s != texts[1] {
			t.Error("a mixture of two values was read")
		}
	}
	close(stop)
	writer.Wait()
}

func summariesOfSome(t *testing.T, c DamageableCache) {
	put(t, c, 1, "1", noon)
	put(t, c, -8, "21", noon)
	found, err := c.Summaries(t.Context(), 1, 2, -8)
	must(t, err)
	if len(found) != 2 || found[1].Digits != "1" || found[-8].Digits != "21" || found[-8].Sign() != -1 {
		t.Errorf("found %+v", found)
	}
}

func extremeValues(t *testing.T, c DamageableCache) {
	for _, n := range []core.Index{core.MaxIndex, -core.MaxIndex} {
		v := put(t, c, n, digits(100), noon)
		found, err := c.Summaries(t.Context(), n)
		must(t, err)
		if found[n] != v.Summary() {
			t.Errorf("summary %+v, want %+v", found[n], v.Summary())
		}
	}
}

func digitSlices(t *testing.T, c DamageableCache) {
	put(t, c, 1, longText, noon)
	size := int64(len(longText))
	edge := int64(decimal.ChunkWords * decimal.WordDigits)
	for _, s := range [][2]int64{
		{0, 1}, {size - 1, 1}, {0, 0}, {size, 0}, {0, 50}, {18, 3}, {999, 1000}, {1000, edge}, {size / 2, 1000},
		{edge - 1, 2}, {size - edge - 1, 2}, {size - 2*edge - 5, 10}, {1, size - 2},
	} {
		got, err := c.Digits(t.Context(), 1, s[0], s[1])
		must(t, err)
		if string(got) != longText[s[0]:s[0]+s[1]] {
			t.Errorf("digits [%d, +%d) are others", s[0], s[1])
		}
	}
}

func digitsOutside(t *testing.T, c DamageableCache) {
	put(t, c, 1, "123", noon)
	for _, s := range [][2]int64{{0, 4}, {3, 1}, {4, 0}, {-1, 1}, {0, -1}, {1, 1<<63 - 1}} {
		_, err := c.Digits(t.Context(), 1, s[0], s[1])
		wantKind(t, err, core.KindInvalid)
	}
}

func digitsMissing(t *testing.T, c DamageableCache) {
	_, err := c.Digits(t.Context(), 1, 0, 1)
	wantKind(t, err, core.KindNotFound)
}

func room(t *testing.T, c core.ValueCache) core.Room {
	t.Helper()
	r, err := c.Room(t.Context())
	must(t, err)
	if r.Free < 0 || r.Free > r.Total || !r.Bounded() && r != (core.Room{}) {
		t.Errorf("the room is %+v; what is free must lie between 0 and the total", r)
	}
	return r
}

// roomShrinks checks that a value takes room of a cache that has a bound, which is
// the test's own.
func roomShrinks(t *testing.T, c DamageableCache) {
	before := room(t, c)
	put(t, c, 1, longText, noon)
	after := room(t, c)
	if before.Bounded() && after.Total == before.Total && after.Free >= before.Free && after.Free > 0 {
		t.Errorf("the room is %+v, and %+v with a value of %d digits", before, after, len(longText))
	}
}
