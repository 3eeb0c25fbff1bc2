package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
)

// api holds what the handlers share.
type api struct {
	service  *core.Service
	software Software
	health   func(context.Context) []dependency
	log      *slog.Logger
}

// HealthCheck checks the dependencies of the process.
type HealthCheck func(context.Context) core.Health

// New returns a handler that serves the API at /. Submitters are told apart by
// their address, which is taken from the X-Forwarded-For or Forwarded header of
// trusted proxies. Log records carry the id of their request if log uses
// LogHandler.
func New(service *core.Service, software Software, trusted TrustedProxies, log *slog.Logger) http.Handler {
	health := func(ctx context.Context) []dependency { return dependenciesOf(service.Overview(ctx).Health) }
	a := &api{service: service, software: software, health: health, log: log}
	mux := http.NewServeMux()
	serveDocument(mux, a.describe(mux))
	serveDocs(mux)
	return middleware(mux, trusted, log)
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
		"Submit an index, wait for its value, read its digits. What was accepted is calculated or visibly failed.\n\n" +
		"A request may have a name in X-Request-Id, up to 128 visible characters of ASCII; else it is given one. The answer, its problem and the server's log all have it."
	config.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	config.Servers = []*huma.Server{{URL: "/api", Description: "Behind the front door, and in embedded mode."}}
	config.Tags = []*huma.Tag{
		{Name: "indices", Description: "Indices submitted: values I have seen."},
		{Name: "values", Description: "Calculated values and their digits."},
		{Name: "events", Description: "What happens, as it happens."},
		{Name: "operation", Description: "For those who run the service."},
	}
	config.OpenAPIPath = ""  // Huma encodes the document again for every request, without the middleware
	config.DocsPath = ""     // Huma's page loads its script from a CDN
	config.SchemasPath = ""  // all schemas are in the document
	config.CreateHooks = nil // no $schema member in every response
	config.Formats = formats()
	config.Transformers = append(config.Transformers, a.asProblem)

	routes := onlyJSON{humago.New(mux, config)}
	a.registerSubmit(routes)
	a.registerIndices(routes)
	a.registerValues(routes)
	a.registerDigits(routes)
	a.registerEstimates(routes)
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
	http.StatusBadRequest:                   "The body could not be read as JSON.",
	http.StatusNotFound:                     "The index was not submitted.",
	http.StatusConflict:                     "The value is not calculated yet.",
	http.StatusPreconditionFailed:           "The digits do not have the ETag that If-Match asks for.",
	http.StatusRequestEntityTooLarge:        "The body is larger than 64 KiB.",
	http.StatusUnsupportedMediaType:         "The body is not application/json, or has a Content-Encoding.",
	http.StatusRequestedRangeNotSatisfiable: "There are no such digits, or more than one range was asked for.",
	http.StatusUnprocessableEntity:          "An input is wrong, or an index is too large: kind tells.",
	http.StatusTooManyRequests:              "Too much is waiting to be calculated. Nothing was recorded.",
	http.StatusInternalServerError:          "Something went wrong inside.",
	http.StatusServiceUnavailable:           "Something that is needed can't be reached just now, or the service is starting.",
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
			Description: "Seconds after which to ask again.",
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
