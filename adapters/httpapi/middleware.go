package httpapi

import (
	"errors"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
)

// middleware does for all routes what they need not think of: a panic becomes a
// problem, a body is read whole and bounded, and what no route serves is
// answered with a problem.
func middleware(mux *http.ServeMux, trusted TrustedProxies, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(inner http.ResponseWriter, request *http.Request) {
		w := &responseWriter{ResponseWriter: inner}
		r, known := withRequestInfo(request, trusted)
		defer func() { request.Pattern = r.Pattern }() // where who called us looks for the route
		defer recoverPanic(w, r, log)
		setCommonHeader(w.Header(), known.id)
		// The mux would redirect /a//b to /b, which it does not know to be behind /api.
		if _, pattern := mux.Handler(r); pattern == "" || path.Clean(r.URL.Path) != r.URL.Path {
			notServed(mux, w, r, log)
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

// setCommonHeader sets the fields of every answer.
func setCommonHeader(header http.Header, id string) {
	header.Set(requestIDHeader, id)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store") // unless the route knows better
}

// resetHeader removes what was set for an answer in whose place another is sent:
// an ETag, say.
func resetHeader(header http.Header) {
	id := header.Get(requestIDHeader)
	clear(header)
	setCommonHeader(header, id)
}

// responseWriter knows whether it has begun.
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

func recoverPanic(w *responseWriter, r *http.Request, log *slog.Logger) {
	fault := recover()
	if fault == nil {
		return
	}
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) || disconnected(r.Context()) {
		abort()
	}
	log.ErrorContext(r.Context(), "panic in a handler", "method", r.Method, "path", r.URL.Path, "panic", fault, "stack", string(debug.Stack()))
	if w.started {
		abort() // a problem in the middle of an answer would be taken for part of it
	}
	resetHeader(w.Header())
	writeProblem(w, r, log, newProblem(http.StatusInternalServerError, ""))
}

// notServed answers what the mux would answer in plain text.
func notServed(mux *http.ServeMux, w http.ResponseWriter, r *http.Request, log *slog.Logger) {
	answered := &headerRecorder{header: make(http.Header)}
	mux.ServeHTTP(answered, r)
	if answered.status == http.StatusMethodNotAllowed {
		allow := answered.header.Get("Allow")
		w.Header().Set("Allow", allow)
		writeProblem(w, r, log, newProblem(http.StatusMethodNotAllowed, r.Method+" is not possible here, only "+allow+"."))
		return
	}
	writeProblem(w, r, log, newProblem(http.StatusNotFound, "There is nothing at this address. GET openapi.json describes what there is."))
}

// headerRecorder takes an answer of which only status and header matter.
type headerRecorder struct {
	header http.Header
	status int
}

func (h *headerRecorder) Header() http.Header         { return h.header }
func (h *headerRecorder) Write(p []byte) (int, error) { return len(p), nil }
func (h *headerRecorder) WriteHeader(status int)      { h.status = status }
