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
	// maxBody is the size limit of request bodies, in bytes. A batch of 1,000 of
	// the longest indices takes a quarter of it.
	maxBody = 64 << 10
	// maxInverseBody is that of POST inversePath, which takes a million digits.
	maxInverseBody = 1 << 20
	inversePath    = "/inverse"
	// bodyTimeout bounds how long a client may take to send a body.
	bodyTimeout = 10 * time.Second
)

// boundBody bounds how long the body may take, whether it is read by readBody or,
// after the response, by net/http. Where deadlines are not supported, those of
// the server apply.
func boundBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
	}
}

// readBody reads the request body into memory, or returns a problem. Huma would
// respond to a body that can't be read with status 500.
func readBody(w *responseWriter, r *http.Request) *Problem {
	if r.ContentLength == 0 {
		return nil
	}
	// Given its own writer, net/http lets the client read the response to a body
	// that is too large before it closes the connection.
	limit, advice := int64(maxBody), "The body is larger than 64 KiB. Submit at most 1,000 indices at once."
	if r.URL.Path == inversePath {
		limit, advice = maxInverseBody, "The body is larger than 1 MiB. The number must have at most 1,000,000 digits."
	}
	body, err := io.ReadAll(http.MaxBytesReader(innermost(w), r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return newProblem(http.StatusRequestEntityTooLarge, advice,
			FieldError{Location: "body", Message: "is too large"})
	case err != nil:
		return newProblem(http.StatusBadRequest, "The body could not be read: it does not match its Content-Length or Transfer-Encoding, or it arrived too slowly.",
			FieldError{Location: "body", Message: "could not be read"})
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // see boundBody
	if foreignEncoding(body) {
		return newProblem(http.StatusBadRequest, "The body is in UTF-16 or UTF-32. Send JSON in UTF-8.",
			FieldError{Location: "body", Message: "is not UTF-8"})
	}
	// Editors and some libraries start UTF-8 with a byte order mark.
	r.Body = io.NopCloser(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return newProblem(http.StatusUnsupportedMediaType, "Send the body without Content-Encoding.",
			FieldError{Location: "header.Content-Encoding", Message: "is not supported"})
	}
	return nil
}

// foreignEncoding reports whether text is JSON in UTF-16 or UTF-32: it has a
// byte order mark or a NUL in its first two bytes. JSON in UTF-8 has neither.
func foreignEncoding(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	start := text[:2]
	return bytes.Equal(start, []byte{0xfe, 0xff}) || bytes.Equal(start, []byte{0xff, 0xfe}) || bytes.IndexByte(start, 0) >= 0
}

// innermost returns the http.ResponseWriter that all others wrap.
func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		outer, wraps := w.(interface{ Unwrap() http.ResponseWriter })
		if !wraps {
			return w
		}
		w = outer.Unwrap()
	}
}
