package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
)

type getDigitsInput struct {
	IndexPath
	Download bool   `query:"download" doc:"Makes a browser save the digits as a file."`
	Range    string `header:"Range" example:"bytes=0-99" doc:"One range of digits, for GET. A digit is a byte; the most significant digit is number 0."`

	request *http.Request
}

// Resolve checks the index and keeps the request, whose method and conditions
// decide what is sent.
func (in *getDigitsInput) Resolve(hc huma.Context) []error {
	in.request, _ = humago.Unwrap(hc)
	return in.IndexPath.Resolve(hc)
}

type streamOutput struct {
	Body func(huma.Context)
}

func (a *api) registerDigits(routes huma.API) {
	text := map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString, Pattern: "^[0-9]+$"}}}
	for _, op := range []struct{ method, id, summary string }{
		{http.MethodGet, "getDigits", "The digits of a value"},
		{http.MethodHead, "headDigits", "The number of digits"},
	} {
		responses := map[string]*huma.Response{
			"200": {Description: "All digits, most significant first, without a sign.", Content: text},
			"206": {Description: "The requested range of digits.", Content: text, Headers: contentRange("bytes 0-99/209")},
			"304": {Description: "The digits match If-None-Match."},
		}
		register(routes, huma.Operation{
			OperationID: op.id, Method: op.method, Path: "/values/{index}/digits", Tags: []string{"values"},
			Summary:     op.summary,
			Description: "The digits are streamed, however many there are. They have no sign: it is a property of the value.",
			Responses:   responses,
		}, a.getDigits, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable,
			http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable)
		responses["416"].Headers = contentRange("bytes */209")
	}
}

func contentRange(example string) map[string]*huma.Param {
	return map[string]*huma.Param{"Content-Range": {
		Required: true,
		Schema:   &huma.Schema{Type: huma.TypeString, Examples: []any{example}},
	}}
}

// digitsResponse is a response with digits, without its body: all digits, a
// range of them or, with status 304, none.
type digitsResponse struct {
	status   int
	summary  core.Summary
	selected span
	download bool
}

func (a *api) getDigits(ctx context.Context, in *getDigitsInput) (*streamOutput, error) {
	summary, err := a.service.Summary(ctx, submitterOf(ctx), core.Index(in.Index))
	if err != nil {
		return nil, a.fail(ctx, err, "path.index")
	}
	response, err := in.respond(summary)
	if err != nil {
		return nil, err
	}
	if in.request.Method == http.MethodHead || response.status == http.StatusNotModified {
		return &streamOutput{Body: response.writeHeader}, nil
	}
	// The first chunk is read before the header is sent: a value that was
	// evicted a moment ago still gets a problem.
	chunk, rest, err := a.readDigits(ctx, summary.Index, response.selected)
	if err != nil {
		return nil, a.fail(ctx, err, "path.index")
	}
	return &streamOutput{Body: func(hc huma.Context) {
		response.writeHeader(hc)
		a.writeDigits(hc, summary.Index, chunk, rest)
	}}, nil
}

// respond evaluates the preconditions and the range of the request, in this
// order, and returns the response to it or the problem instead.
func (in *getDigitsInput) respond(summary core.Summary) (digitsResponse, error) {
	r := digitsResponse{http.StatusOK, summary, span{0, summary.DigitCount}, in.Download}
	header := in.request.Header
	switch r.status = evaluatePreconditions(header, r.tag()); r.status {
	case http.StatusNotModified:
		return r, nil
	case http.StatusPreconditionFailed:
		return r, newProblem(r.status, "The digits do not have the ETag that If-Match asks for.",
			FieldError{Location: "header.If-Match", Message: "does not match"})
	}
	// RFC 9110, section 14.2, defines Range for GET only.
	if in.request.Method != http.MethodGet || !rangeApplies(header, r.tag()) {
		return r, nil
	}
	requested, err := parseRange(in.Range)
	switch {
	case err != nil:
		return r, rangeProblem(summary, in.Range)
	case requested == nil:
		return r, nil
	}
	selected, satisfiable := requested.within(summary.DigitCount)
	if !satisfiable {
		return r, rangeProblem(summary, in.Range)
	}
	r.status, r.selected = http.StatusPartialContent, selected
	return r, nil
}

// rangeProblem is the problem of a Range field that does not select exactly
// one range of the digits.
func rangeProblem(s core.Summary, field string) error {
	p := newProblem(http.StatusRequestedRangeNotSatisfiable,
		fmt.Sprintf("F(%d) has %d digits. Ask for one range of them, such as bytes=0-99.", s.Index, s.DigitCount),
		FieldError{Location: "header.Range", Message: "is not one range of the digits", Value: echoed(field)})
	return huma.ErrorWithHeaders(p, http.Header{"Content-Range": {fmt.Sprintf("bytes */%d", s.DigitCount)}})
}

// tag returns the ETag of the digits, which never change.
func (r digitsResponse) tag() string { return fmt.Sprintf(`"%d-digits"`, r.summary.Index) }

func (r digitsResponse) writeHeader(hc huma.Context) {
	hc.SetHeader("ETag", r.tag())
	hc.SetHeader("Cache-Control", cacheImmutable+", "+noTransform)
	if r.download {
		hc.SetHeader("Content-Disposition", fmt.Sprintf(`attachment; filename="F(%d).txt"`, r.summary.Index))
	}
	if r.status != http.StatusNotModified {
		hc.SetHeader("Content-Type", "text/plain; charset=utf-8")
		hc.SetHeader("Content-Length", strconv.FormatInt(r.selected.count, 10))
		hc.SetHeader("Accept-Ranges", "bytes")
	}
	if r.status == http.StatusPartialContent {
		hc.SetHeader("Content-Range", r.selected.contentRange(r.summary.DigitCount))
	}
	hc.SetStatus(r.status)
}

const (
	// chunkDigits is how many digits are read and written at once.
	chunkDigits = 128 << 10
	// writeTimeout bounds how long a client may take to accept a chunk.
	writeTimeout = 30 * time.Second
)

// readDigits reads the first chunk of the selected digits and returns it with
// the digits that are left.
func (a *api) readDigits(ctx context.Context, n core.Index, selected span) (chunk []byte, rest span, err error) {
	count := min(chunkDigits, selected.count)
	chunk, err = a.service.Digits(ctx, submitterOf(ctx), n, selected.first, count)
	return chunk, span{selected.first + count, selected.count - count}, err
}

// writeDigits writes a chunk and the digits that follow it, chunk by chunk.
// When the digits can't be read any more, it aborts the response.
func (a *api) writeDigits(hc huma.Context, n core.Index, chunk []byte, rest span) {
	ctx := hc.Context()
	_, w := humago.Unwrap(hc)
	deadline := http.NewResponseController(w)
	for {
		// Where deadlines are not supported, those of the server apply.
		_ = deadline.SetWriteDeadline(time.Now().Add(writeTimeout))
		if _, err := w.Write(chunk); err != nil || rest.count == 0 {
			return // a client that is gone or too slow has lost its connection
		}
		var err error
		if chunk, rest, err = a.readDigits(ctx, n, rest); err != nil {
			if !disconnected(ctx) {
				a.log.WarnContext(ctx, "digits aborted", "index", int64(n), "error", err)
			}
			abort()
		}
	}
}
