package httpapi_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func TestStates_OfUpToAThousandIndicesAreOneResponse(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(10, 2000)
	s.submit(`{"indices": [7, 20000]}`).want(202)
	query := []string{"10", "7", "2000", "77", "10"} // 77 was not submitted, and 10 is there twice
	for n := range 995 {
		query = append(query, strconv.Itoa(-n-1))
	}
	page := decode[httpapi.Values](s.get("/values?index="+strings.Join(query, ",")).want(200).wantHeader("Link", "").wantHeader("Cache-Control", "no-store"))
	if len(page.Items) < 2 || page.Items[0].Index != 10 || page.Items[0].Value != "55" || page.Items[len(page.Items)-1].DigitCount != 418 {
		t.Errorf("the values are %+v", page.Items)
	}
	if len(page.Items)+len(page.States) != 3 {
		t.Errorf("states of %+v and %+v", page.Items, page.States)
	}
}

func TestStates_AreOfEveryKind(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.submit(`{"indices": [2, 3]}`).want(202)
	s.calculating(2, 0.5)
	s.submit(`{"index": 1}`).want(202)
	s.failed(3, "It was too hot.")
	page := decode[httpapi.Values](s.get("/values?index=3,1,2").want(200))
	if len(page.Items) != 0 || len(page.States) != 3 {
		t.Fatalf("the states are %+v", page)
	}
	failed, pending, calculating := page.States[0], page.States[1], page.States[2]
	if failed.State != "failed" || failed.Reason != "It was too hot." || pending.State != "pending" || calculating.State != "calculating" || *calculating.Progress != 0.5 {
		t.Errorf("the states are %+v", page.States)
	}
}

func TestStates_ParameterMayBeRepeated(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.submit(`{"indices": [1, 2, 3]}`).want(202)
	in := decode[httpapi.Values](s.get("/values?index=1&index=2,3").want(200))
	if len(in.States) != 3 {
		t.Errorf("the states are %+v", in)
	}
}

func TestStates_HaveAnEvictedValueCalculatedAgain(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(93)
	s.cache.Evict(93)
	page := decode[httpapi.Values](s.get("/values?index=93").want(200))
	if len(page.States)+len(page.Items) != 1 {
		t.Fatalf("the states are %+v", page)
	}
	if v := decode[httpapi.ValueState](s.get("/values/93", "Prefer: wait=30").want(200)); v.Value != "12200160415121876738" {
		t.Errorf("F(93) after its eviction is %+v", v)
	}
}
