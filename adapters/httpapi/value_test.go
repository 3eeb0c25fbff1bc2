package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/adapters/httpapi"
	"github.com/pisano-dev/pisano/core"
)

const cacheImmutable = "public, max-age=31536000, immutable"

func TestValue_HasItsStateBeforeItIsCalculated(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	if p := s.get("/values/10").problem(404); p.Errors[0].Location != "path.index" || p.Kind != "notFound" {
		t.Errorf("an index never submitted: %+v", p)
	}
	s.submit(`{"index": 10}`).want(202)
	pending := s.get("/values/10", `If-None-Match: *`).want(200).wantHeader("ETag", "").wantHeader("Cache-Control", "no-store")
	if strings.TrimSpace(pending.text) != `{"index":10,"state":"pending"}` {
		t.Errorf("pending: %s", pending.text)
	}
	s.calculating(10, 0.25)
	if v := decode[httpapi.ValueState](s.get("/values/10").want(200)); v.State != "calculating" || *v.Progress != 0.25 {
		t.Errorf("calculating: %+v", v)
	}
}

func TestValue_FailedHasItsReason(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.submit(`{"index": 10}`).want(202)
	s.failed(10, "It was too hot.")
	v := decode[httpapi.ValueState](s.get("/values/10", "Prefer: wait=30").want(200).wantHeader("Cache-Control", "no-store"))
	if v.State != "failed" || v.Reason != "It was too hot." {
		t.Errorf("failed: %+v", v)
	}
	if p := s.get("/values/10/digits").problem(409); !strings.Contains(p.Detail, "It was too hot.") {
		t.Errorf("its digits: %+v", p)
	}
}

func TestValue_CalculatedIsImmutableAndHasAnETag(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(10, 2000)
	tag := s.get("/values/10").want(200).wantHeader("Cache-Control", cacheImmutable).Header.Get("ETag")
	if !strings.HasPrefix(tag, `"`) {
		t.Fatalf("ETag %s is not strong", tag)
	}
	if other := s.get("/values/2000").want(200).Header.Get("ETag"); other == tag {
		t.Error("two values have the same ETag")
	}
	for _, match := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
		s.get("/values/10", "If-None-Match: "+match).want(304).wantHeader("ETag", tag).wantHeader("Cache-Control", cacheImmutable)
	}
	for _, other := range []string{`"x"`, strings.Trim(tag, `"`), `"x", "y"`} {
		s.get("/values/10", "If-None-Match: "+other).want(200)
	}
}

func TestWait_EndsAsSoonAsTheStateIsFinal(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.submit(`{"index": 1000}`).want(202)
	begin := time.Now()
	time.AfterFunc(50*time.Millisecond, s.startWorker)
	a := s.get("/values/1000", "Prefer: respond-async, wait=60;x=y")
	took := time.Since(begin)
	t.Logf("responded after %v", took.Round(time.Millisecond))
	if took >= time.Minute {
		t.Error("responded only after the whole wait")
	}
	if v := decode[httpapi.ValueState](a.want(200).wantHeader("Preference-Applied", "wait=60")); v.State != "calculated" {
		t.Errorf("waited for %+v", v)
	}
}

func TestWait_ThatTimesOutReturnsTheState(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.submit(`{"index": 1000}`).want(202)
	begin := time.Now()
	a := s.get("/values/1000", "Prefer: wait=1").want(200).wantHeader("Preference-Applied", "wait=1")
	if took := time.Since(begin); took < 900*time.Millisecond {
		t.Errorf("waited %v of 1 s", took)
	}
	if v := decode[httpapi.ValueState](a); v.State != "pending" {
		t.Errorf("waited for %+v", v)
	}
}

// RFC 7240 requires a server to ignore an invalid preference. A wait that is too
// long is reduced to the maximum.
func TestWait_InvalidPreferencesAreIgnored(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.submit(`{"index": 1000}`).want(202)
	for _, prefer := range []string{"wait=abc", "wait=-60", "wait=60.5", "wait", "wait=", "waiting=60", "wait=99999999999999999999", ";;,=,"} {
		begin := time.Now()
		s.get("/values/1000", "Prefer: "+prefer).want(200).wantHeader("Preference-Applied", "")
		if took := time.Since(begin); took > 30*time.Second { // mistaken for a wait, each would take a minute
			t.Errorf("Prefer: %s delayed the response by %v", prefer, took)
		}
	}
	s.calculated(10)
	s.get("/values/10", "Prefer: wait=1000000000").want(200).wantHeader("Preference-Applied", "wait=60")
}

func TestValue_EvictedIsCalculatedAgainOnRequest(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(core.Index(93))
	s.drained() // a task in the queue would not be added again, and its acknowledgement is on its way
	s.cache.Evict(93)
	s.get("/values/93/digits").problem(409)
	v := decode[httpapi.ValueState](s.get("/values/93", "Prefer: wait=30").want(200))
	if v.Value != "12200160415121876738" {
		t.Errorf("F(93) after its eviction is %+v", v)
	}
}

func TestValue_FieldsSentSeveralTimesAreOneList(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(10)
	tag := s.get("/values/10").want(200).Header.Get("ETag")
	// An answer to Prefer does not come from memory.
	s.get("/values/10", "Prefer: wait=1", `If-None-Match: "x"`, "If-None-Match: "+tag).want(304)
	s.get("/values/10", "Prefer: wait=1", `If-None-Match: "x"`, `If-None-Match: "y"`).want(200)
	s.get("/values/10", "Prefer: respond-async", "Prefer: wait=1").want(200).wantHeader("Preference-Applied", "wait=1")
}
