package httpapi

import (
	"bytes"
	"errors"
	"io"
	"net/http"
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

// readBody reads the request's body into memory, or returns what is wrong
// with it: that a client sends nonsense is not our failure, as Huma would have it.
func readBody(w *responseWriter, r *http.Request) *Problem {
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
