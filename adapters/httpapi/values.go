package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// Value is a calculated Fibonacci number: all its digits, or the first and the
// last.
type Value struct {
	Index        int64     `json:"index" minimum:"-9007199254740991" maximum:"9007199254740991" example:"10"`
	Sign         int       `json:"sign" minimum:"-1" maximum:"1" example:"1" doc:"−1, 0 or 1."`
	DigitCount   int64     `json:"digitCount" minimum:"1" example:"2" doc:"The number of decimal digits, without the sign."`
	Value        string    `json:"value,omitempty" pattern:"^-?[0-9]+$" maxLength:"1001" example:"55" doc:"The whole number, if it has at most 1,000 digits."`
	Leading      string    `json:"leading,omitempty" pattern:"^[0-9]{50}$" doc:"The first 50 digits of a longer number."`
	Trailing     string    `json:"trailing,omitempty" pattern:"^[0-9]{50}$" doc:"The last 50 digits of a longer number."`
	CalculatedAt time.Time `json:"calculatedAt"`
	DurationMs   float64   `json:"durationMs" minimum:"0" doc:"The duration of the calculation in milliseconds."`
}

func valueOf(s core.Summary) Value {
	v := Value{
		Index:        int64(s.Index),
		Sign:         s.Sign(),
		DigitCount:   s.DigitCount,
		Value:        s.Digits,
		Leading:      s.Leading,
		Trailing:     s.Trailing,
		CalculatedAt: s.CalculatedAt,
		DurationMs:   float64(s.Duration.Microseconds()) / 1000,
	}
	if v.Sign < 0 && v.Value != "" {
		v.Value = "-" + v.Value
	}
	return v
}

// Values is a page of calculated values.
type Values struct {
	Items      []Value `json:"items" nullable:"false"`
	NextCursor string  `json:"nextCursor,omitempty" doc:"The cursor of the next page; absent on the last page."`

	States []ValueState `json:"states,omitempty" nullable:"false" doc:"Only with index: the states of the submitted ones that have no value."`
}

// ValueState is the state of an index, with its value once it is calculated.
type ValueState struct {
	Index        int64      `json:"index" minimum:"-9007199254740991" maximum:"9007199254740991" example:"10"`
	State        State      `json:"state"`
	Progress     *float64   `json:"progress,omitempty" minimum:"0" maximum:"1" doc:"The fraction done, while the index is calculating."`
	Reason       string     `json:"reason,omitempty" doc:"Why the calculation failed, for people."`
	Sign         *int       `json:"sign,omitempty" minimum:"-1" maximum:"1" doc:"−1, 0 or 1. This and the following properties are present once the state is calculated."`
	DigitCount   *int64     `json:"digitCount,omitempty" minimum:"1" doc:"The number of decimal digits, without the sign."`
	Value        string     `json:"value,omitempty" pattern:"^-?[0-9]+$" maxLength:"1001" example:"55" doc:"The whole number, if it has at most 1,000 digits."`
	Leading      string     `json:"leading,omitempty" pattern:"^[0-9]{50}$" doc:"The first 50 digits of a longer number."`
	Trailing     string     `json:"trailing,omitempty" pattern:"^[0-9]{50}$" doc:"The last 50 digits of a longer number."`
	CalculatedAt *time.Time `json:"calculatedAt,omitempty"`
	DurationMs   *float64   `json:"durationMs,omitempty" minimum:"0" doc:"The duration of the calculation in milliseconds."`
}

func valueState(s core.Status) ValueState {
	state := ValueState{Index: int64(s.Index), State: stateNames[s.State], Progress: progressOf(s), Reason: s.Reason}
	if s.Summary == nil {
		return state
	}
	v := valueOf(*s.Summary)
	state.Sign, state.DigitCount, state.CalculatedAt, state.DurationMs = &v.Sign, &v.DigitCount, &v.CalculatedAt, &v.DurationMs
	state.Value, state.Leading, state.Trailing = v.Value, v.Leading, v.Trailing
	return state
}

type getValueInput struct {
	IndexPath
	Prefer      string `header:"Prefer" example:"wait=20" doc:"With wait=N, the response is delayed until the state is final, for up to N seconds and at most 60, unless too many requests are waiting: see Preference-Applied."`
	IfNoneMatch string `header:"If-None-Match" doc:"The status is 304 if the value has one of these ETags."`
}

type getValueOutput struct {
	Status       int
	CacheControl string `header:"Cache-Control"`
	ETag         string `header:"ETag"`
	Applied      string `header:"Preference-Applied"`
	Body         ValueState
}

type listValuesOutput struct {
	Link string `header:"Link"`
	Body Values
}

func (a *api) registerValues(routes huma.API) {
	register(routes, huma.Operation{
		OperationID: "listValues", Method: http.MethodGet, Path: "/values", Tags: []string{"values"},
		Summary:     "Calculated values",
		Description: "Calculated values, the latest calculation first. With index, the states of those indices instead, in their order. An index in neither items nor states has not been submitted. As with a single value, one that has been evicted is calculated again.",
		Middlewares: huma.Middlewares{a.newestValues.answer},
	}, a.listValues, http.StatusUnprocessableEntity, http.StatusServiceUnavailable)
	documentIndexParameter(routes.OpenAPI().Paths["/values"].Get)

	register(routes, huma.Operation{
		OperationID: "getValue", Method: http.MethodGet, Path: "/values/{index}", Tags: []string{"values"},
		Summary:     "The state of an index and its value",
		Description: "A calculated value never changes and can be cached forever. A value that has been evicted since is calculated again on request. That counts as work of the submitter who reads it, like a submission; if there is no room for it, the status is 429.",
		Responses:   map[string]*huma.Response{"304": {Description: "The value matches If-None-Match."}},
		Middlewares: huma.Middlewares{a.answerKept},
	}, a.getValue, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable)
}

func (a *api) listValues(ctx context.Context, in *listValuesInput) (*listValuesOutput, error) {
	if len(in.indices) > 0 {
		return a.listStates(ctx, in)
	}
	after, err := decodePosition(in.Cursor)
	if err != nil {
		return nil, err
	}
	out, err := a.valuesAfter(ctx, after, in.Limit)
	if err != nil {
		return nil, a.fail(ctx, err, "")
	}
	return out, nil
}

// valuesAfter returns the page of the list that comes after a position.
func (a *api) valuesAfter(ctx context.Context, after core.Position, limit int) (*listValuesOutput, error) {
	summaries, err := a.service.Values(ctx, after, limit+1)
	if err != nil {
		return nil, err
	}
	out := &listValuesOutput{Body: Values{Items: []Value{}}}
	if len(summaries) > limit {
		summaries = summaries[:limit]
		last := summaries[limit-1].Position()
		out.Body.NextCursor = encodeCursor(last.CalculatedAt.UnixMicro(), int64(last.Index))
		out.Link = nextLink("values", limit, out.Body.NextCursor)
	}
	for _, s := range summaries {
		out.Body.Items = append(out.Body.Items, valueOf(s))
	}
	return out, nil
}

// readNewestValues reads for newestValues.
func (a *api) readNewestValues(ctx context.Context, limit int) (link string, body any, err error) {
	out, err := a.valuesAfter(ctx, core.Position{}, limit)
	if err != nil {
		return "", nil, err
	}
	return out.Link, out.Body, nil
}

func (a *api) getValue(ctx context.Context, in *getValueInput) (*getValueOutput, error) {
	out := &getValueOutput{Status: http.StatusOK, CacheControl: "no-store"}
	var status core.Status
	var err error
	submitter := submitterOf(ctx)
	if wait := waitPreference(in.Prefer); wait > 0 && a.waiting.take(submitter) {
		defer a.waiting.free(submitter)
		out.Applied = fmt.Sprintf("wait=%d", int(wait.Seconds()))
		status, err = a.service.Await(ctx, submitter, core.Index(in.Index), wait)
	} else {
		status, err = a.service.Status(ctx, submitter, core.Index(in.Index))
	}
	if err != nil {
		return nil, a.fail(ctx, err, "path.index")
	}
	out.Body = valueState(status)
	if status.State == core.StateCalculated {
		out.CacheControl, out.ETag = cacheImmutable, valueTag(*status.Summary)
		if containsTag(in.IfNoneMatch, out.ETag, weak) {
			out.Status = http.StatusNotModified
		}
	}
	return out, nil
}

// valueTag returns the ETag of the representation of a value. The number never
// changes, but the time and duration of its calculation do when it is
// calculated again after an eviction.
func valueTag(s core.Summary) string {
	tag := append(make([]byte, 0, 40), '"') // on the stack
	tag = append(strconv.AppendInt(tag, int64(s.Index), 10), '-')
	return string(append(strconv.AppendInt(tag, s.CalculatedAt.UnixMicro(), 36), '"'))
}

// maxWait bounds how long a response is delayed.
const maxWait = 60 * time.Second

// waitPreference parses the preference wait of RFC 7240, section 4.3. An invalid
// one is ignored, as section 2 requires.
func waitPreference(prefer string) time.Duration {
	for preference := range strings.SplitSeq(prefer, ",") {
		preference, _, _ = strings.Cut(preference, ";")
		name, value, _ := strings.Cut(preference, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "wait") {
			continue
		}
		seconds, err := strconv.ParseUint(strings.Trim(strings.TrimSpace(value), `"`), 10, 32)
		if err != nil {
			return 0
		}
		return min(time.Duration(seconds)*time.Second, maxWait)
	}
	return 0
}
