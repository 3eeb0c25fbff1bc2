package httpapi_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

func TestList_WithoutItemsIsAnEmptyArray(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, list := range []string{"/indices", "/values"} {
		if a := s.get(list).want(200).wantHeader("Link", ""); strings.TrimSpace(a.text) != `{"items":[]}` {
			t.Errorf("%s is %s", list, a.text)
		}
	}
}

func TestList_OfIndicesIsNewestFirstInStablePages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for n := range 7 {
		s.submit(fmt.Sprintf(`{"index": %d}`, n)).want(202)
	}
	got := collect(t, s, "indices", 3, func(a answer) ([]int64, string) {
		// Neither a new index nor one that is submitted again shifts a page.
		s.submit(`{"indices": [0, 3, 100]}`).want(202)
		page := decode[httpapi.SeenIndices](a)
		var indices []int64
		for _, item := range page.Items {
			indices = append(indices, item.Index)
		}
		return indices, page.NextCursor
	})
	if want := []int64{6, 5, 4, 3, 2, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
}

func TestList_OfValuesIsNewestFirstInStablePages(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	put := func(n core.Index, at time.Time) {
		one := decimal.FromUint64(1)
		if err := s.cache.Put(t.Context(), core.Value{Index: n, Magnitude: one, CalculatedAt: at}); err != nil {
			t.Fatal(err)
		}
	}
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	for n := range core.Index(7) {
		put(n, noon.Add(time.Duration(n/2)*time.Microsecond)) // pairs with the same time
	}
	later := core.Index(100)
	got := collect(t, s, "values", 2, func(a answer) ([]int64, string) {
		later++
		put(later, noon.Add(time.Hour))
		s.cache.Evict(2)
		page := decode[httpapi.Values](a)
		var indices []int64
		for _, item := range page.Items {
			indices = append(indices, item.Index)
		}
		return indices, page.NextCursor
	})
	if want := []int64{6, 5, 4, 3, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
}

// collect reads all pages of a list by their links, which must agree with their
// cursors.
func collect(t *testing.T, s *testServer, list string, limit int, read func(answer) (items []int64, cursor string)) []int64 {
	t.Helper()
	var all []int64
	path := fmt.Sprintf("/%s?limit=%d", list, limit)
	for range 20 {
		a := s.get(path).want(200)
		items, cursor := read(a)
		if len(items) > limit || len(items) == 0 {
			t.Fatalf("a page of %d items", len(items))
		}
		all = append(all, items...)
		if cursor == "" {
			a.wantHeader("Link", "")
			return all
		}
		next := fmt.Sprintf("%s?limit=%d&cursor=%s", list, limit, url.QueryEscape(cursor))
		a.wantHeader("Link", "<"+next+`>; rel="next"`)
		path = "/" + next
	}
	t.Fatal("the list does not end")
	return nil
}

func TestList_ShowsStateProgressAndReason(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, n := range []core.Index{3, -8} {
		s.submit(fmt.Sprintf(`{"index": %d}`, n)).want(202)
	}
	s.failed(3, "It was too hot.")
	s.calculating(-8, 0.5)
	items := decode[httpapi.SeenIndices](s.get("/indices").want(200)).Items
	if items[0].State != "calculating" || items[0].Progress == nil || *items[0].Progress != 0.5 {
		t.Errorf("a calculating index is listed as %+v", items[0])
	}
	if items[1].State != "failed" || items[1].Reason != "It was too hot." || items[1].Progress != nil {
		t.Errorf("a failed index is listed as %+v", items[1])
	}
}

func TestList_LimitDefaultsToFifty(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	numbers := make([]string, 201)
	for i := range numbers {
		numbers[i] = strconv.Itoa(i)
	}
	s.submit(`{"indices": [` + strings.Join(numbers, ",") + `]}`).want(202)
	for query, want := range map[string]int{"": 50, "?limit=1": 1, "?limit=200": 200} {
		if items := decode[httpapi.SeenIndices](s.get("/indices" + query).want(200)).Items; len(items) != want {
			t.Errorf("/indices%s has %d items, want %d", query, len(items), want)
		}
	}
}
