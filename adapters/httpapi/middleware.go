package httpapi

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"sync"
)

// middleware wraps the routes of mux. It serves them below Prefix as well, assigns
// the request id, identifies the
// submitter, reads the body, and responds with a problem to a panic, to a
// request that no route matches, and to an unsafe one by another site's page.
func middleware(mux *http.ServeMux, trusted TrustedProxies, log *slog.Logger) http.Handler {
	var warned sync.Once
	return http.HandlerFunc(func(inner http.ResponseWriter, request *http.Request) {
		w := &responseWriter{ResponseWriter: inner}
		r, info := withRequestInfo(request, trusted)
		r.URL = withoutPrefix(r.URL)
		defer func() { request.Pattern = r.Pattern }() // the caller reads the route from its own request
		defer recoverPanic(w, r, log)
		setCommonHeader(w.Header(), info.id)
		if trusted.ignores(r) {
			warned.Do(func() { warnOfProxy(r, log) })
		}
		boundBody(w, r)
		// The mux would redirect //a to /a and not to /api/a, where the client sees it.
		if _, pattern := mux.Handler(r); pattern == "" || path.Clean(r.URL.Path) != r.URL.Path {
			notServed(mux, w, r, log)
			return
		}
		if problem := checkOrigin(r); problem != nil {
			writeProblem(w, r, log, problem)
			return
		}
		if problem := readBody(w, r); problem != nil {
			w.Header().Set("Connection", "close")
			writeProblem(w, r, log, problem)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// Prefix is where every handler of this package answers besides /, so that an
// address of the API is the same with and without a front door. It is cut off once:
// there is nothing at /api/api.
const Prefix = "/api"

// withoutPrefix returns u without Prefix, or u if its path is not below Prefix as
// it was written.
func withoutPrefix(u *url.URL) *url.URL {
	rest, below := strings.CutPrefix(u.Path, Prefix+"/")
	raw, rawBelow := strings.CutPrefix(u.RawPath, Prefix+"/")
	if !below || u.RawPath != "" && !rawBelow {
		return u
	}
	stripped := *u
	stripped.Path = "/" + rest
	if u.RawPath != "" {
		stripped.RawPath = "/" + raw
	}
	return &stripped
}

// warnOfProxy logs that a proxy may have to be trusted: until it is, all of its
// clients count as one submitter.
func warnOfProxy(r *http.Request, log *slog.Logger) {
	log.WarnContext(r.Context(), "X-Forwarded-For or Forwarded from an address that is not a trusted proxy is ignored, here and from now on",
		"address", r.RemoteAddr)
}

// setCommonHeader sets the header fields of every response.
func setCommonHeader(header http.Header, id string) {
	header.Set(requestIDHeader, id)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store") // unless the handler sets another
}

// resetHeader removes the fields that a handler has set, such as ETag, before
// another response is written in its place.
func resetHeader(header http.Header) {
	id := header.Get(requestIDHeader)
	clear(header)
	setCommonHeader(header, id)
}

// responseWriter records whether the response has started.
type responseWriter struct {
	http.ResponseWriter
	started bool
}

func (w *responseWriter) WriteHeader(status int) {
	w.ResponseWriter.WriteHeader(status)
	w.started = true
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.started = true
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the connection.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// recoverPanic logs a panic and responds with a problem, or aborts the response
// if it has started or the client is gone.
func recoverPanic(w *responseWriter, r *http.Request, log *slog.Logger) {
	fault := recover()
	if fault == nil {
		return
	}
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		abort()
	}
	log.ErrorContext(r.Context(), "panic in a handler", "method", r.Method, "path", r.URL.Path, "panic", fault, "stack", string(debug.Stack()))
	if w.started || disconnected(r.Context()) {
		abort() // a problem would be read as part of the body, or by no one
	}
	resetHeader(w.Header())
	writeProblem(w, r, log, newProblem(http.StatusInternalServerError, ""))
}

// notServed responds with a problem where the mux would respond in plain text.
func notServed(mux *http.ServeMux, w http.ResponseWriter, r *http.Request, log *slog.Logger) {
	response := &headerRecorder{header: make(http.Header)}
	mux.ServeHTTP(response, r)
	if response.status == http.StatusMethodNotAllowed {
		allow := response.header.Get("Allow")
		w.Header().Set("Allow", allow)
		writeProblem(w, r, log, newProblem(http.StatusMethodNotAllowed, r.Method+" is not allowed here. Allowed: "+allow+"."))
		return
	}
	writeProblem(w, r, log, newProblem(http.StatusNotFound, "There is nothing at this address. GET openapi.json describes what there is."))
}

// headerRecorder records the status and the header of a response.
type headerRecorder struct {
	header http.Header
	status int
}

func (h *headerRecorder) Header() http.Header         { return h.header }
func (h *headerRecorder) Write(p []byte) (int, error) { return len(p), nil }
func (h *headerRecorder) WriteHeader(status int)      { h.status = status }
