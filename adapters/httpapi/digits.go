package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
)

type getDigitsInput struct {
	Index    int64  `path:"index" minimum:"-9007199254740991" maximum:"9007199254740991" example:"1000" doc:"The index n of F(n)."`
	Download bool   `query:"download" doc:"Have a browser save the digits as a file."`
	Range    string `header:"Range" example:"bytes=0-99" doc:"One range of digits. A digit is a byte, the most significant is number 0."`
}

type streamOutput struct {
	Body func(huma.Context)
}

func (a *api) registerDigits(routes huma.API) {
	text := map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString, Pattern: "^[0-9]+$"}}}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		id := map[string]string{http.MethodGet: "getDigits", http.MethodHead: "headDigits"}[method]
		responses := map[string]*huma.Response{
			"200": {Description: "All digits, most significant first, without a sign.", Content: text},
			"206": {Description: "The range of digits asked for.", Content: text},
			"304": {Description: "The digits that you have are the digits."},
		}
		register(routes, huma.Operation{
			OperationID: id, Method: method, Path: "/values/{index}/digits", Tags: []string{"values"},
			Summary:     "The digits of a value",
			Description: "Streamed, however many they are. The sign is a property of the value.",
			Responses:   responses,
		}, a.getDigits, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable,
			http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
	}
}

// oneRange is the form of a Range field that is served: one range of bytes.
var oneRange = regexp.MustCompile(`^bytes=\s*([0-9]+-[0-9]*|-[0-9]+)\s*$`)

func (a *api) getDigits(ctx context.Context, in *getDigitsInput) (*streamOutput, error) {
	summary, err := a.service.Summary(ctx, core.Index(in.Index))
	if err != nil {
		return nil, a.fail(ctx, err, "path.index")
	}
	// Units that are not understood must be ignored (RFC 9110, section 14.2).
	if strings.HasPrefix(in.Range, "bytes") && !oneRange.MatchString(in.Range) {
		return nil, badRange(summary, in.Range)
	}
	return &streamOutput{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		header := w.Header()
		header.Set("Content-Type", "text/plain; charset=utf-8")
		header.Set("Cache-Control", forever)
		header.Set("ETag", fmt.Sprintf(`"%d-digits"`, summary.Index))
		if in.Download {
			header.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="F(%d).txt"`, summary.Index))
		}
		digits := &digitReader{
			read: func(first, count int64) ([]byte, error) {
				return a.service.Digits(r.Context(), summary.Index, first, count)
			},
			size:     summary.DigitCount,
			deadline: http.NewResponseController(w).SetWriteDeadline,
		}
		http.ServeContent(&problemWriter{ResponseWriter: w, summary: summary, ranges: in.Range}, r, "", time.Time{}, digits)
		if digits.err != nil {
			if !gone(ctx) {
				a.log.WarnContext(ctx, "digits broken off", "index", int64(summary.Index), "error", digits.err)
			}
			abort()
		}
	}}, nil
}

func badRange(s core.Summary, given string) error {
	p := newProblem(http.StatusRequestedRangeNotSatisfiable,
		fmt.Sprintf("F(%d) has %d digits. Ask for one range of them, such as bytes=0-99.", s.Index, s.DigitCount),
		FieldError{Location: "header.Range", Message: "is not one range of the digits", Value: short(given)})
	return huma.ErrorWithHeaders(p, http.Header{"Content-Range": {fmt.Sprintf("bytes */%d", s.DigitCount)}})
}

// problemWriter lets http.ServeContent, which knows all about ranges and
// conditions, say what is wrong in our words.
type problemWriter struct {
	http.ResponseWriter
	summary core.Summary
	ranges  string
	replied bool // with a problem; what ServeContent writes then is dropped
}

// WriteHeader puts a problem in the place of an error in plain text.
func (w *problemWriter) WriteHeader(status int) {
	var err error
	switch status {
	case http.StatusRequestedRangeNotSatisfiable:
		err = badRange(w.summary, w.ranges)
	case http.StatusPreconditionFailed:
		err = newProblem(status, "The digits do not have the ETag that If-Match asks for.",
			FieldError{Location: "header.If-Match", Message: "does not match"})
	default:
		w.ResponseWriter.WriteHeader(status)
		return
	}
	var p *Problem
	errors.As(err, &p)
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	for _, name := range []string{"ETag", "Content-Disposition", "Content-Length"} {
		header.Del(name)
	}
	writeProblem(w.ResponseWriter, p)
	w.replied = true
}

func (w *problemWriter) Write(p []byte) (int, error) {
	if w.replied {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the connection.
func (w *problemWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

const (
	// readAhead is how many digits are read from the cache at once.
	readAhead = 128 << 10
	// writeTimeout is how long a client may take to accept a piece.
	writeTimeout = 30 * time.Second
)

// digitReader is an io.ReadSeeker over digits that lie elsewhere.
type digitReader struct {
	read     func(first, count int64) ([]byte, error)
	size     int64
	deadline func(time.Time) error
	at       int64
	buffer   []byte // digits from at on
	err      error  // the first failure
}

// Seek implements io.Seeker.
func (d *digitReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += d.at
	case io.SeekEnd:
		offset += d.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the first digit")
	}
	d.at, d.buffer = offset, nil
	return offset, nil
}

// Read implements io.Reader.
func (d *digitReader) Read(p []byte) (int, error) {
	if d.at >= d.size {
		return 0, io.EOF
	}
	if len(d.buffer) == 0 {
		// A client that stops reading must not hold the connection for ever.
		if err := d.deadline(time.Now().Add(writeTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return 0, d.fail(err)
		}
		digits, err := d.read(d.at, min(readAhead, d.size-d.at))
		if err != nil {
			return 0, d.fail(err)
		}
		d.buffer = digits
	}
	n := copy(p, d.buffer)
	d.buffer = d.buffer[n:]
	d.at += int64(n)
	return n, nil
}

func (d *digitReader) fail(err error) error {
	d.err = err
	return err
}
