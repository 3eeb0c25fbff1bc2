package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
)

type getDigitsInput struct {
	IndexPath
	Download bool   `query:"download" doc:"Have a browser save the digits as a file."`
	Range    string `header:"Range" example:"bytes=0-99" doc:"One range of digits. A digit is a byte, the most significant is number 0."`
}

type streamOutput struct {
	Body func(huma.Context)
}

func (a *api) registerDigits(routes huma.API) {
	text := map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString, Pattern: "^[0-9]+$"}}}
	for _, op := range []struct{ method, id, summary string }{
		{http.MethodGet, "getDigits", "The digits of a value"},
		{http.MethodHead, "headDigits", "How many digits there are"},
	} {
		responses := map[string]*huma.Response{
			"200": {Description: "All digits, most significant first, without a sign.", Content: text},
			"206": {Description: "The range of digits asked for.", Content: text, Headers: contentRange("bytes 0-99/209")},
			"304": {Description: "The digits that you have are the digits."},
		}
		register(routes, huma.Operation{
			OperationID: op.id, Method: op.method, Path: "/values/{index}/digits", Tags: []string{"values"},
			Summary:     op.summary,
			Description: "Streamed, however many they are. The sign is a property of the value.",
			Responses:   responses,
		}, a.getDigits, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable,
			http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
		responses["416"].Headers = contentRange("bytes */209")
	}
}

func contentRange(example string) map[string]*huma.Param {
	return map[string]*huma.Param{"Content-Range": {
		Required: true,
		Schema:   &huma.Schema{Type: huma.TypeString, Examples: []any{example}},
	}}
}

// oneRange is the form of a set of ranges that is served: one, not empty.
var oneRange = regexp.MustCompile(`^\s*([0-9]+-[0-9]*|-0*[1-9][0-9]*)\s*$`)

func (a *api) getDigits(ctx context.Context, in *getDigitsInput) (*streamOutput, error) {
	summary, err := a.service.Summary(ctx, core.Index(in.Index))
	if err != nil {
		return nil, a.fail(ctx, err, "path.index")
	}
	unit, ranges, _ := strings.Cut(in.Range, "=")
	bytes := strings.EqualFold(unit, "bytes")
	if bytes && !oneRange.MatchString(ranges) {
		return nil, badRange(summary, in.Range)
	}
	return &streamOutput{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		if bytes {
			r.Header.Set("Range", "bytes="+ranges) // as http.ServeContent spells it
		} else {
			r.Header.Del("Range") // a unit that is not understood is ignored (RFC 9110, section 14.2)
		}
		if in.Download {
			w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="F(%d).txt"`, summary.Index))
		}
		a.sendDigits(w, r, summary, in.Range)
	}}, nil
}

func (a *api) sendDigits(w http.ResponseWriter, r *http.Request, summary core.Summary, ranges string) {
	ctx := r.Context()
	digits := &digitReader{
		read: func(first, count int64) ([]byte, error) {
			return a.service.Digits(ctx, summary.Index, first, count)
		},
		size:     summary.DigitCount,
		deadline: http.NewResponseController(w).SetWriteDeadline,
	}
	content := &contentWriter{ResponseWriter: w, refuse: func(p *Problem) { writeProblem(w, r, a.log, p) }, problem: func(status int) error {
		switch {
		case status == http.StatusRequestedRangeNotSatisfiable:
			return badRange(summary, ranges)
		case status == http.StatusPreconditionFailed:
			return newProblem(status, "The digits do not have the ETag that If-Match asks for.",
				FieldError{Location: "header.If-Match", Message: "does not match"})
		case status < 300 && r.Method == http.MethodGet:
			// Read ahead: digits that were lost just now can still be answered for.
			if err := digits.fill(); err != nil {
				return a.fail(ctx, err, "path.index")
			}
		}
		return nil
	}}
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", cacheImmutable+", "+noTransform)
	header.Set("ETag", fmt.Sprintf(`"%d-digits"`, summary.Index))
	http.ServeContent(content, r, "", time.Time{}, digits)
	if digits.err != nil && !content.replied {
		if !disconnected(ctx) {
			a.log.WarnContext(ctx, "digits broken off", "index", int64(summary.Index), "error", digits.err)
		}
		abort()
	}
}

func badRange(s core.Summary, given string) error {
	p := newProblem(http.StatusRequestedRangeNotSatisfiable,
		fmt.Sprintf("F(%d) has %d digits. Ask for one range of them, such as bytes=0-99.", s.Index, s.DigitCount),
		FieldError{Location: "header.Range", Message: "is not one range of the digits", Value: echoed(given)})
	return huma.ErrorWithHeaders(p, http.Header{"Content-Range": {fmt.Sprintf("bytes */%d", s.DigitCount)}})
}

// contentWriter lets http.ServeContent, which knows all about ranges and
// conditions, say what is wrong in our words.
type contentWriter struct {
	http.ResponseWriter
	problem func(status int) error // what to answer in the place of a status, if anything
	refuse  func(*Problem)         // answers with a problem
	replied bool                   // with a problem; what ServeContent writes then is dropped
}

// WriteHeader puts a problem in the place of an error in plain text.
func (w *contentWriter) WriteHeader(status int) {
	err := w.problem(status)
	if err == nil {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	header := w.Header()
	resetHeader(header)
	var more huma.HeadersError
	if errors.As(err, &more) {
		maps.Copy(header, more.GetHeaders())
	}
	var p *Problem
	errors.As(err, &p)
	w.refuse(p)
	w.replied = true
}

func (w *contentWriter) Write(p []byte) (int, error) {
	if w.replied {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the connection.
func (w *contentWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

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
			d.err = err
			return 0, err
		}
		if err := d.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, d.buffer)
	d.buffer = d.buffer[n:]
	d.at += int64(n)
	return n, nil
}

// fill reads digits into the buffer, of which there are some left.
func (d *digitReader) fill() error {
	d.buffer, d.err = d.read(d.at, min(readAhead, d.size-d.at))
	return d.err
}
