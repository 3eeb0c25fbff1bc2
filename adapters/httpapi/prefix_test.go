package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

// below returns the server with the addresses below /api.
func (s *testServer) below() *testServer {
	below := *s
	below.url += "/api"
	return &below
}

func TestPrefix_AddressesAnswerWithAndWithoutIt(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(10, 11, 12)
	for _, at := range []*testServer{s, s.below()} {
		for _, path := range []string{"/indices", "/values/10", "/values/10/digits", "/values?index=10", "/healthz", "/docs", "/openapi.yaml"} {
			at.get(path).want(200)
		}
		at.get("/nothing").problem(404)
		at.ask(http.MethodDelete, "/indices", "").problem(405)
	}
}

func TestPrefix_LinksAndLocationsStayBelowIt(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(10, 11, 12)
	for _, at := range []*testServer{s, s.below()} {
		submitted := at.submit(`{"index": 10}`).want(200)
		location, err := submitted.Location()
		if err != nil || location.String() != at.url+"/values/10" {
			t.Errorf("below %s, Location is %v, %v", at.url, location, err)
		}
		for _, list := range []string{"/indices?limit=2", "/values?limit=2"} {
			page := at.get(list).want(200)
			link, _, _ := strings.Cut(strings.TrimPrefix(page.Header.Get("Link"), "<"), ">")
			next, err := page.Request.URL.Parse(link)
			if err != nil || next.Path != page.Request.URL.Path {
				t.Errorf("%s links to %v, %v", page.Request.URL, next, err)
			}
		}
	}
}

func TestPrefix_IsCutOffOnce(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for _, path := range []string{"/api/api/indices", "/api/api", "/apifoo", "/api", "/API/indices", "/api//indices", "//api/indices", "/%61pi/indices", "/api%2Findices"} {
		s.get(path).problem(404)
	}
}
