package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// Problem is the body of every error response, as defined by RFC 9457.
type Problem struct {
	Type     string       `json:"type" format:"uri-reference" example:"about:blank" doc:"Always about:blank; kind identifies the problem."`
	Title    string       `json:"title" example:"Unprocessable Entity" doc:"The status as text."`
	Status   int          `json:"status" minimum:"400" maximum:"599" example:"422" doc:"The HTTP status."`
	Kind     string       `json:"kind" enum:"invalid,notFound,methodNotAllowed,notReady,tooLarge,overloaded,unavailable,internal" example:"tooLarge" doc:"What a program can do. invalid: correct the request. tooLarge: submit less. notReady, overloaded, unavailable: retry after Retry-After."`
	Detail   string       `json:"detail" example:"Indices from −100000000 to 100000000 are accepted here." doc:"What is wrong and what to do about it, for people."`
	Errors   []FieldError `json:"errors,omitempty" nullable:"false" doc:"The invalid inputs, if there are any."`
	Estimate *Estimate    `json:"estimate,omitempty" doc:"With tooLarge: the estimated cost of the calculation."`
	Wait     float64      `json:"waitSeconds,omitempty" minimum:"0" example:"90" doc:"With overloaded: the seconds until there is room, at the speed of the workers that are alive. Retry-After is the same, rounded up."`
	Instance string       `json:"instance,omitempty" format:"uri-reference" example:"#7KQZ3V5N2M4XJ6RWPA8TBHEDCY" doc:"Identifies this occurrence, also in the log: # and the X-Request-Id of the response, percent-encoded."`
}

// FieldError describes what is wrong with one input.
type FieldError struct {
	Location string `json:"location" example:"body.index" doc:"Where the input is: path, query, header or body, followed by its name."`
	Message  string `json:"message" example:"must be an integer" doc:"What is wrong with the input."`
	Value    any    `json:"value,omitempty" doc:"The input, if it is short."`
}

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

const (
	problemType = "application/problem+json"
	// shortValue is the length up to which an error quotes an input, in bytes.
	shortValue = 100
	// maxFieldErrors bounds how many invalid inputs a problem lists.
	maxFieldErrors = 20
	// retryAfter is the default of the Retry-After field, in seconds.
	retryAfter = 2
)

// kinds maps the kinds of errors of package core to statuses and names.
var kinds = map[core.Kind]struct {
	status int
	name   string
}{
	core.KindInvalid:     {http.StatusUnprocessableEntity, "invalid"},
	core.KindNotFound:    {http.StatusNotFound, "notFound"},
	core.KindNotReady:    {http.StatusConflict, "notReady"},
	core.KindTooLarge:    {http.StatusUnprocessableEntity, "tooLarge"},
	core.KindOverloaded:  {http.StatusTooManyRequests, "overloaded"},
	core.KindUnavailable: {http.StatusServiceUnavailable, "unavailable"},
	core.KindCanceled:    {http.StatusServiceUnavailable, "unavailable"},
	core.KindInternal:    {http.StatusInternalServerError, "internal"},
}

// newProblem returns the problem of a status, for errors that do not come from
// package core.
func newProblem(status int, detail string, fields ...FieldError) *Problem {
	kind := "invalid"
	switch {
	case status == http.StatusNotFound:
		kind = "notFound"
	case status == http.StatusMethodNotAllowed:
		kind = "methodNotAllowed"
	case status >= 500:
		kind, detail, fields = "internal", internalDetail, nil
	}
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Kind: kind, Detail: detail, Errors: fields}
}

const internalDetail = "An unexpected error occurred. It has been logged."

// fail returns the problem for an error of package core, and logs what must not
// be sent to the client. location is that of the input in the request, in case
// the error concerns it.
func (a *api) fail(ctx context.Context, err error, location string) error {
	kind := core.KindOf(err)
	if kind == core.KindCanceled && disconnected(ctx) {
		abort() // there is no one to respond to, and nothing has failed
	}
	if _, mapped := kinds[kind]; !mapped {
		kind = core.KindInternal
	}
	p := newProblem(kinds[kind].status, "")
	p.Kind = kinds[kind].name
	if kind != core.KindInternal {
		p.Detail = "This can't be answered just now. Try again soon."
	}
	var e *core.Error
	if errors.As(err, &e) && kind != core.KindInternal && e.Message != "" {
		p.Detail = e.Message
		if e.Field != "" {
			p.Errors = []FieldError{{Location: location, Message: e.Message}}
		}
		p.Wait = math.Ceil(e.Wait.Seconds()*1000) / 1000
		if e.Estimate != nil {
			p.Estimate = new(estimateOf(*e.Estimate))
		}
	}
	if p.Status >= 500 {
		a.log.Log(ctx, logLevel(kind), "request failed", "status", p.Status, "error", err)
	}
	return withRetryAfter(p)
}

func logLevel(kind core.Kind) slog.Level {
	switch kind {
	case core.KindInternal:
		return slog.LevelError
	case core.KindCanceled: // by the shutdown of this process
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

// maxLoggedPath is the length to which a logged path is truncated, in bytes.
const maxLoggedPath = 200

// logRefusal logs a 4xx response at debug level, with the instance that
// identifies the problem. Errors of the server are logged where they occur.
func logRefusal(ctx context.Context, log *slog.Logger, method, path string, p *Problem) {
	if p.Status >= http.StatusInternalServerError {
		return
	}
	log.DebugContext(ctx, "request refused", "instance", p.Instance, "status", p.Status, "method", method,
		"path", path[:min(len(path), maxLoggedPath)], "detail", p.Detail)
}

// withRetryAfter adds Retry-After to a temporary problem.
func withRetryAfter(p *Problem) error {
	switch p.Status {
	case http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		after := retryAfter
		if p.Wait > 0 {
			after = int(math.Ceil(p.Wait))
		}
		return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {strconv.Itoa(after)}})
	}
	return p
}

// asProblem is a Huma transformer. It turns Huma's own errors into problems and
// sets the instance of every problem.
func (a *api) asProblem(hc huma.Context, _ string, v any) (any, error) {
	if e, isError := v.(*huma.ErrorModel); isError {
		if v = a.beyondMaxIndex(hc, e); v == nil {
			v = problemOf(hc, e)
		}
	}
	if p, isProblem := v.(*Problem); isProblem {
		p.Instance = instance(requestInfoOf(hc.Context()).id)
		logRefusal(hc.Context(), a.log, hc.Method(), hc.URL().Path, p)
	}
	return v, nil
}

// problemOf returns the problem for one of Huma's errors.
func problemOf(hc huma.Context, e *huma.ErrorModel) *Problem {
	if e.Status == http.StatusUnsupportedMediaType {
		return newProblem(e.Status, "Send the body as JSON, with Content-Type: application/json.",
			FieldError{Location: "header.Content-Type", Message: "is not supported", Value: echoed(hc.Header("Content-Type"))})
	}
	var fields []FieldError
	detail := e.Detail
	for i, d := range e.Errors[:min(len(e.Errors), maxFieldErrors)] {
		f := FieldError{Location: d.Location, Message: plain(d.Message), Value: echoed(d.Value)}
		if beyondInteger(d.Message, d.Value) {
			f.Message = "is too large in size"
		}
		if f.Location == "body" && e.Status == http.StatusBadRequest {
			f.Message = "is not JSON of the expected form: " + f.Message
		}
		if i == 0 {
			detail = sentence(f)
		}
		fields = append(fields, f)
	}
	if fields == nil && e.Status == http.StatusBadRequest { // Huma names no location for a missing body
		detail, fields = "The request has no body. Send JSON.", []FieldError{{Location: "body", Message: "is required"}}
	}
	return newProblem(e.Status, detail, fields...)
}

// sentence describes a FieldError in one sentence.
func sentence(f FieldError) string {
	return f.Location + ": " + strings.TrimSuffix(f.Message, ".") + "."
}

// echoed returns value if it is short enough to be quoted in an error, or nil.
func echoed(value any) any {
	text, err := json.Marshal(value)
	if err != nil || len(text) > shortValue || json.Unmarshal(text, new(any)) != nil { // the last fails for a number that overflows a float64
		return nil
	}
	return value
}

// writeProblem writes a problem without Huma.
func writeProblem(w http.ResponseWriter, r *http.Request, log *slog.Logger, p *Problem) {
	p.Instance = instance(w.Header().Get(requestIDHeader))
	logRefusal(r.Context(), log, r.Method, r.URL.Path, p)
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	// An error means that the client is gone.
	_ = json.NewEncoder(w).Encode(p)
}

// writeUnavailable writes the problem of a request that can succeed after the
// given number of seconds, without Huma.
func writeUnavailable(w http.ResponseWriter, r *http.Request, log *slog.Logger, detail string, after int) {
	p := newProblem(http.StatusServiceUnavailable, "")
	p.Kind, p.Detail = kinds[core.KindUnavailable].name, detail
	w.Header().Set("Retry-After", strconv.Itoa(after))
	writeProblem(w, r, log, p)
}
