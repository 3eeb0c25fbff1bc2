package httpapi

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
)

// api holds what the handlers share.
type api struct {
	service  *core.Service
	software Software
	recovery core.RecoveryMode
	health   func(context.Context) []dependency
	streams  *slots // for streams of events
	waiting  *slots // for requests with Prefer: wait
	ranges   *slots // for ranges of numbers that are being sent
	explorer *budget
	log      *slog.Logger

	newestIndices, newestValues newestPages
}

// Options are the settings of the API.
type Options struct {
	// TrustedProxies tell the addresses of submitters, by X-Forwarded-For or
	// Forwarded. Others are not believed.
	TrustedProxies TrustedProxies

	// MaxStreams bounds the streams of events at a time, and separately the
	// requests that wait for a value. 0 means DefaultMaxStreams. A submitter can
	// have at most as many as it leaves free for others.
	MaxStreams int

	// Recovery is the mode that the reconcilers work in, for the status.
	Recovery core.RecoveryMode
}

// HealthCheck checks the dependencies of the process.
type HealthCheck func(context.Context) core.Health

// New returns a handler that serves the API at / and below Prefix. Submitters are told apart by
// their address. Log records carry the id of their request if log uses
// LogHandler.
func New(service *core.Service, software Software, options Options, log *slog.Logger) http.Handler {
	health := func(ctx context.Context) []dependency { return dependenciesOf(service.Overview(ctx).Health) }
	held := cmp.Or(options.MaxStreams, DefaultMaxStreams)
	a := &api{service: service, software: software, recovery: options.Recovery, health: health,
		streams: newSlots(held), waiting: newSlots(held), ranges: newSlots(maxRanges),
		explorer: newBudget(max(1, runtime.GOMAXPROCS(0)/explorerShare), maxExplorers), log: log}
	a.newestIndices = newestPages{read: a.readNewestIndices, watch: service.Watch,
		changes: func(core.EventKind) bool { return true }}
	a.newestValues = newestPages{read: a.readNewestValues, watch: service.Watch,
		changes: func(kind core.EventKind) bool { return kind == core.EventCalculated }}
	mux := http.NewServeMux()
	serveDocument(mux, a.describe(mux))
	serveDocs(mux)
	return middleware(mux, options.TrustedProxies, log)
}

// NewHealth returns a handler that serves /healthz and /readyz only, for a
// process such as a worker.
func NewHealth(health HealthCheck, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	cached := health.cached()
	a := &api{health: func(ctx context.Context) []dependency { return dependenciesOf(cached(ctx)) }, log: log}
	a.registerHealth(a.undocumented(mux))
	return middleware(mux, nil, log)
}

// undocumented returns an API that does not serve its OpenAPI document.
func (a *api) undocumented(mux *http.ServeMux) huma.API {
	config := huma.DefaultConfig("Pisano", version)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.Transformers = append(config.Transformers, a.asProblem)
	return onlyJSON{humago.New(mux, config)}
}

// onlyJSON responds with JSON whatever Accept says: there is no other format.
// Huma's own content negotiation panics on some values, such as "a;,".
type onlyJSON struct{ huma.API }

// Negotiate returns the media type of every response.
func (onlyJSON) Negotiate(string) (string, error) { return "application/json", nil }

// version is the semantic version of the API.
const version = "1.0.0"

// describe registers all routes and returns the OpenAPI document.
func (a *api) describe(mux *http.ServeMux) *huma.OpenAPI {
	config := huma.DefaultConfig("Pisano", version)
	config.Info.Description = "Fibonacci numbers: any index, every digit. F(0) = 0, F(1) = 1, F(−n) = (−1)^(n+1) F(n).\n\n" +
		"Submit an index, wait for its value, read its digits. Every accepted index is calculated or reported as failed.\n\n" +
		"A request can carry an id of up to 128 visible ASCII characters in X-Request-Id; otherwise the server assigns one. The response, the problem in it and the server's log carry the same id.\n\n" +
		"Too much at once gets 429 with Retry-After. A front door that limits the rate of submissions says so in RateLimit-Policy.\n\n" +
		"The version of this document follows semantic versioning. Minor versions add operations, optional inputs, and members and header fields of responses: ignore those you do not know. " +
		"Only a major version removes or changes what was there. An operation is first marked as deprecated here, and for at least six months its responses carry Deprecation (RFC 9745), the date since when, " +
		"and Sunset (RFC 8594), the date from which it may be missing. None is deprecated."
	config.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	config.Servers = []*huma.Server{{URL: Prefix, Description: "In every mode. A process without the page answers at / as well."}}
	config.Tags = []*huma.Tag{
		{Name: "indices", Description: "Submitted indices: values I have seen."},
		{Name: "values", Description: "Calculated values and their digits."},
		{Name: "events", Description: "Events as they happen."},
		{Name: "explorer", Description: "What is known of numbers without a submission: nothing is recorded, and no answer ever changes."},
		{Name: "operation", Description: "For operators of the service."},
	}
	config.OpenAPIPath = ""  // Huma encodes the document again for every request, without the middleware
	config.DocsPath = ""     // Huma's page loads its script from a CDN
	config.SchemasPath = ""  // all schemas are in the document
	config.CreateHooks = nil // no $schema member in every response
	config.Formats = formats()
	config.Transformers = append(config.Transformers, a.asProblem)

	routes := onlyJSON{humago.New(mux, config)}
	routes.UseMiddleware(a.readAllInput)
	a.registerSubmit(routes)
	a.registerIndices(routes)
	a.registerValues(routes)
	a.registerDigits(routes)
	a.registerEstimates(routes)
	a.registerNumbers(routes)
	a.registerRanges(routes)
	a.registerRemainders(routes)
	a.registerPeriods(routes)
	a.registerInverse(routes)
	a.registerZeckendorf(routes)
	a.registerEvents(routes)
	a.registerStatus(routes)
	a.registerHealth(routes)

	documentRequestID(routes.OpenAPI())
	describeSchemas(routes.OpenAPI())
	addExamples(routes.OpenAPI())

	// Huma adds its own schemas for errors, which no response uses.
	schemas := routes.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	return routes.OpenAPI()
}

// register registers an operation. statuses are the error statuses it can
// return in addition to those of every operation.
func register[I, O any](routes huma.API, op huma.Operation, handler func(context.Context, *I) (*O, error), statuses ...int) {
	if op.Responses == nil {
		op.Responses = make(map[string]*huma.Response)
	}
	statuses = append(statuses, http.StatusInternalServerError)
	if op.Path != livenessPath && op.Path != readinessPath {
		statuses = append(statuses, http.StatusServiceUnavailable) // from NewStartup, if nothing else
	}
	for _, status := range statuses {
		op.Responses[statusKey(status)] = problemResponse(routes, status)
	}
	huma.Register(routes, op, handler)
}

// meanings describes the error statuses.
var meanings = map[int]string{
	http.StatusBadRequest:                   "The body is not valid JSON.",
	http.StatusForbidden:                    "The request comes from a page of another site.",
	http.StatusNotFound:                     "The index has not been submitted.",
	http.StatusConflict:                     "The value has not been calculated yet.",
	http.StatusPreconditionFailed:           "The digits do not have the ETag that If-Match asks for.",
	http.StatusRequestEntityTooLarge:        "The body is larger than 64 KiB, or than 1 MiB for POST /inverse.",
	http.StatusUnsupportedMediaType:         "The body is not application/json, or has a Content-Encoding.",
	http.StatusRequestedRangeNotSatisfiable: "The range is malformed or selects no digits, or there is more than one.",
	http.StatusUnprocessableEntity:          "An input is invalid, or an index is too large; see kind.",
	http.StatusTooManyRequests:              "Too much work is waiting, or the cache has no memory for the value. Nothing has been recorded.",
	http.StatusInternalServerError:          "An unexpected error occurred.",
	http.StatusServiceUnavailable:           "A dependency is unavailable, the service is starting, or too many streams are open.",
}

// problemResponse documents the response with an error status.
func problemResponse(routes huma.API, status int) *huma.Response {
	r := &huma.Response{
		Description: meanings[status],
		Content: map[string]*huma.MediaType{
			problemType: {Schema: routes.OpenAPI().Components.Schemas.Schema(typeOf[Problem](), true, "")},
		},
	}
	switch status {
	case http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		r.Headers = map[string]*huma.Param{"Retry-After": {
			Description: "Seconds to wait before the next attempt.",
			Required:    true,
			Schema:      &huma.Schema{Type: huma.TypeInteger},
		}}
	}
	return r
}

// abort closes the connection of a response that has started and can't be
// completed, so that the client sees that it is truncated.
func abort() { panic(http.ErrAbortHandler) }

// disconnected reports whether the client has closed the connection.
func disconnected(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }
