package httpapi

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path"
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

// middleware does for all routes what they need not think of: a panic becomes a
// problem, a body is read whole and bounded, and what no route serves is
// answered with a problem.
func middleware(mux *http.ServeMux, trusted TrustedProxies, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(inner http.ResponseWriter, asked *http.Request) {
		w := &answer{ResponseWriter: inner}
		r, known := identify(asked, trusted)
		defer func() { asked.Pattern = r.Pattern }() // where who called us looks for the route
		defer recoverPanic(w, r, log)
		begin(w.Header(), known.id)
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

// begin sets the fields of every answer.
func begin(header http.Header, id string) {
	header.Set(requestIDHeader, id)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store") // unless the route knows better
}

// restart removes what was set for an answer in whose place another is sent:
// an ETag, say.
func restart(header http.Header) {
	id := header.Get(requestIDHeader)
	clear(header)
	begin(header, id)
}

// answer knows whether it has begun.
type answer struct {
	http.ResponseWriter
	begun bool
}

func (a *answer) WriteHeader(status int) {
	a.ResponseWriter.WriteHeader(status)
	a.begun = true
}

func (a *answer) Write(p []byte) (int, error) {
	a.begun = true
	return a.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// innermost returns the writer that others are wrapped around.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		outer, wraps := w.(interface{ Unwrap() http.ResponseWriter })
		if !wraps {
			return w
		}
		w = outer.Unwrap()
	}
}

func recoverPanic(w *answer, r *http.Request, log *slog.Logger) {
	fault := recover()
	if fault == nil {
		return
	}
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) || gone(r.Context()) {
		abort()
	}
	log.ErrorContext(r.Context(), "panic in a handler", "method", r.Method, "path", r.URL.Path, "panic", fault, "stack", string(debug.Stack()))
	if w.begun {
		abort() // a problem in the middle of an answer would be taken for part of it
	}
	restart(w.Header())
	writeProblem(w, r, log, newProblem(http.StatusInternalServerError, ""))
}

// notServed answers what the mux would answer in plain text.
func notServed(mux *http.ServeMux, w http.ResponseWriter, r *http.Request, log *slog.Logger) {
	answered := &discarded{header: make(http.Header)}
	mux.ServeHTTP(answered, r)
	if answered.status == http.StatusMethodNotAllowed {
		allow := answered.header.Get("Allow")
		w.Header().Set("Allow", allow)
		writeProblem(w, r, log, newProblem(http.StatusMethodNotAllowed, r.Method+" is not possible here, only "+allow+"."))
		return
	}
	writeProblem(w, r, log, newProblem(http.StatusNotFound, "There is nothing at this address. GET openapi.json describes what there is."))
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
func readBody(w *answer, r *http.Request) *Problem {
	if r.ContentLength == 0 {
		return nil
	}
	// Not every connection knows deadlines; the server's own remain then.
	deadline := http.NewResponseController(w)
	_ = deadline.SetReadDeadline(time.Now().Add(bodyTimeout))
	// net/http knows its own writer only: told of the limit it lets the client
	// read the answer before it closes.
	body, err := io.ReadAll(http.MaxBytesReader(innermost(w), r.Body, maxBody))
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
	if foreignEncoding(body) {
		return newProblem(http.StatusBadRequest, "The body is in UTF-16 or UTF-32. Send JSON in UTF-8.",
			FieldError{Location: "body", Message: "is not UTF-8"})
	}
	// Editors and some libraries begin UTF-8 with a byte order mark.
	r.Body = io.NopCloser(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return newProblem(http.StatusUnsupportedMediaType, "Send the body without Content-Encoding.",
			FieldError{Location: "header.Content-Encoding", Message: "is not supported"})
	}
	return nil
}

// foreignEncoding reports whether a text is JSON in UTF-16 or UTF-32, which has
// a byte order mark or a NUL within its first two bytes. JSON itself has none.
func foreignEncoding(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	start := text[:2]
	return bytes.Equal(start, []byte{0xfe, 0xff}) || bytes.Equal(start, []byte{0xff, 0xfe}) || bytes.IndexByte(start, 0) >= 0
}
