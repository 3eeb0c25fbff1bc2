package httpapi

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

const (
	// maxBody is the largest request body; a batch of 1,000 of the longest
	// indices is a quarter of it.
	maxBody = 64 << 10
	// bodyTimeout is how long a client may take to send one.
	bodyTimeout = 10 * time.Second
)

// guard does for all routes what they need not think of: a panic becomes a
// problem, a body is read whole and bounded, and what no route serves is
// answered with a problem.
func guard(mux *http.ServeMux, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer recoverPanic(w, r, log)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store") // unless the route knows better
		if _, pattern := mux.Handler(r); pattern == "" {
			notServed(mux, w, r)
			return
		}
		if problem := readBody(w, r); problem != nil {
			w.Header().Set("Connection", "close")
			writeProblem(w, problem)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func recoverPanic(w http.ResponseWriter, r *http.Request, log *slog.Logger) {
	fault := recover()
	if fault == nil {
		return
	}
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) || gone(r.Context()) {
		abort()
	}
	log.ErrorContext(r.Context(), "panic in a handler", "method", r.Method, "path", r.URL.Path, "panic", fault, "stack", string(debug.Stack()))
	writeProblem(w, newProblem(http.StatusInternalServerError, ""))
}

// notServed answers what the mux would answer in plain text.
func notServed(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	answer := &discarded{header: make(http.Header)}
	mux.ServeHTTP(answer, r)
	if answer.status == http.StatusMethodNotAllowed {
		allow := answer.header.Get("Allow")
		w.Header().Set("Allow", allow)
		writeProblem(w, newProblem(http.StatusMethodNotAllowed, r.Method+" is not possible here, only "+allow+"."))
		return
	}
	writeProblem(w, newProblem(http.StatusNotFound, "There is nothing at this address. GET openapi.json describes what there is."))
}

// discarded takes an answer of which only status and header matter.
type discarded struct {
	header http.Header
	status int
}

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) Write(p []byte) (int, error) { return len(p), nil }
func (d *discarded) WriteHeader(status int)      { d.status = status }

// readBody reads the request's body into memory, or returns what is wrong
// with it: that a client sends nonsense is not our failure, as Huma would have it.
func readBody(w http.ResponseWriter, r *http.Request) *Problem {
	if r.ContentLength == 0 {
		return nil
	}
	// Not every connection knows deadlines; the server's own remain then.
	deadline := http.NewResponseController(w)
	_ = deadline.SetReadDeadline(time.Now().Add(bodyTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return newProblem(http.StatusRequestEntityTooLarge, "The body is larger than 64 KiB. Submit at most 1,000 indices at once.",
			FieldError{Location: "body", Message: "is too large"})
	case err != nil:
		return newProblem(http.StatusBadRequest, "The body could not be read: it is not what its header says, or it came too slowly.",
			FieldError{Location: "body", Message: "could not be read"})
	}
	_ = deadline.SetReadDeadline(time.Time{})
	r.Body = io.NopCloser(bytes.NewReader(body))
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return newProblem(http.StatusUnsupportedMediaType, "Send the body without Content-Encoding.",
			FieldError{Location: "header.Content-Encoding", Message: "is not supported"})
	}
	return nil
}
