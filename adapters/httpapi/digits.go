package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
)

type getDigitsInput struct {
	IndexPath
	Download bool   `query:"download" doc:"Makes a browser save the number as a file, with a minus sign in front of a negative one."`
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
	text := map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString, Pattern: "^-?[0-9]*$"}}}
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
			Description: "The digits are streamed, however many there are. They have no sign: it is a property of the value. Only a download has that of a negative number, as byte 0.",
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
	selected span // of the bytes of the body, where a sign counts
	download bool
}

// signLength is the length of the sign in front of the digits: the file of a
// download is the number.
func (r digitsResponse) signLength() int64 {
	if r.download && r.summary.Index.Negative() {
		return 1
	}
	return 0
}

// size is the length of the whole body.
func (r digitsResponse) size() int64 { return r.signLength() + r.summary.DigitCount }

// digits returns the selected digits, and whether the sign is selected with them.
func (r digitsResponse) digits() (selected span, signed bool) {
	selected, signed = r.selected, r.selected.first < r.signLength()
	if signed {
		selected.count--
	} else {
		selected.first -= r.signLength()
	}
	return selected, signed
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
	selected, signed := response.digits()
	chunk, rest, err := a.readDigits(ctx, summary.Index, selected)
	if err != nil {
		return nil, a.fail(ctx, err, "path.index")
	}
	if signed {
		chunk = append([]byte{'-'}, chunk...)
	}
	return &streamOutput{Body: func(hc huma.Context) {
		response.writeHeader(hc)
		a.writeDigits(hc, summary.Index, chunk, rest)
	}}, nil
}

// respond evaluates the preconditions and the range of the request, in this
// order, and returns the response to it or the problem instead.
func (in *getDigitsInput) respond(summary core.Summary) (digitsResponse, error) {
	r := digitsResponse{status: http.StatusOK, summary: summary, download: in.Download}
	r.selected = span{0, r.size()}
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
		return r, r.rangeProblem(in.Range)
	case requested == nil:
		return r, nil
	}
	selected, satisfiable := requested.within(r.size())
	if !satisfiable {
		return r, r.beyondProblem(in.Range)
	}
	r.status, r.selected = http.StatusPartialContent, selected
	return r, nil
}

// rangeProblem is the problem of a Range field that is not one range.
func (r digitsResponse) rangeProblem(field string) error {
	return r.unsatisfiable(field, "Ask for one range of them, such as bytes=0-99.", "is not one range of the digits")
}

// beyondProblem is the problem of a range that selects no digit.
func (r digitsResponse) beyondProblem(field string) error {
	return r.unsatisfiable(field, fmt.Sprintf("Counted from 0, the last is digit %d, and the range has none of them.", r.size()-1), "has no digit of the value")
}

func (r digitsResponse) unsatisfiable(field, advice, message string) error {
	digits := "digits"
	if r.summary.DigitCount == 1 {
		digits = "digit"
	}
	if r.signLength() > 0 {
		digits += " and a sign"
	}
	p := newProblem(http.StatusRequestedRangeNotSatisfiable,
		fmt.Sprintf("F(%d) has %d %s. %s", r.summary.Index, r.summary.DigitCount, digits, advice),
		FieldError{Location: "header.Range", Message: message, Value: echoed(field)})
	return huma.ErrorWithHeaders(p, http.Header{"Content-Range": {fmt.Sprintf("bytes */%d", r.size())}})
}

// tag returns the ETag of the body, which never changes.
func (r digitsResponse) tag() string {
	if r.signLength() > 0 {
		return fmt.Sprintf(`"%d-number"`, r.summary.Index)
	}
	return fmt.Sprintf(`"%d-digits"`, r.summary.Index)
}

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
		hc.SetHeader("Content-Range", r.selected.contentRange(r.size()))
	}
	hc.SetStatus(r.status)
}

const (
	// chunkDigits is how many digits are read and written at once.
	chunkDigits = 128 << 10
	// writeTimeout bounds how long a client may take to accept a chunk.
	writeTimeout = 30 * time.Second
)

// writeInTime writes text in chunks, each of which the client has writeTimeout to
// accept. Where deadlines are not supported, those of the server apply.
func writeInTime(w http.ResponseWriter, text []byte) error {
	control := http.NewResponseController(w)
	for chunk := range slices.Chunk(text, chunkDigits) {
		_ = control.SetWriteDeadline(time.Now().Add(writeTimeout))
		if _, err := w.Write(chunk); err != nil {
			return err
		}
	}
	return nil
}

// readDigits reads the first chunk of the selected digits and returns it with
// the digits that are left.
func (a *api) readDigits(ctx context.Context, n core.Index, selected span) (chunk []byte, rest span, err error) {
	if selected.count == 0 { // only the sign is selected
		return nil, selected, nil
	}
	count := min(chunkDigits, selected.count)
	chunk, err = a.service.Digits(ctx, submitterOf(ctx), n, selected.first, count)
	return chunk, span{selected.first + count, selected.count - count}, err
}

// writeDigits writes a chunk and the digits that follow it, chunk by chunk.
// When the digits can't be read any more, it aborts the response.
func (a *api) writeDigits(hc huma.Context, n core.Index, chunk []byte, rest span) {
	ctx := hc.Context()
	_, w := humago.Unwrap(hc)
	for {
		if err := writeInTime(w, chunk); err != nil || rest.count == 0 {
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
