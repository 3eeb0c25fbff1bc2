package app

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHealth_IsTheAnswerOfTheProgramOnThePort(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"healthy": func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || r.URL.Path != "/healthz" {
				w.WriteHeader(http.StatusNotFound)
			}
		},
		"unhealthy": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"aborted":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(handler)
			defer server.Close()
			if err := checkHealth(server.Listener.Addr().(*net.TCPAddr).Port); (err == nil) != (name == "healthy") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestHealth_FailsIfNothingListensOnThePort(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	port := server.Listener.Addr().(*net.TCPAddr).Port
	server.Close()
	if checkHealth(port) == nil {
		t.Error("no error, although nothing listens on the port")
	}
}
