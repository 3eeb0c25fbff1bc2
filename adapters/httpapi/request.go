package httpapi

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// requestIDHeader is the name of the field with the request id, in requests and
// responses.
const requestIDHeader = "X-Request-Id"

// maxRequestID is the length limit of a request id that a client chooses.
const maxRequestID = 128

// requestInfo is what the middleware learns of a request from its connection and
// header.
type requestInfo struct {
	id        string // identifies the request in the log, the header and problems
	submitter string // see TrustedProxies.submitter
}

type requestKey struct{}

// withRequestInfo returns r with its requestInfo in the context.
func withRequestInfo(r *http.Request, trusted TrustedProxies) (*http.Request, requestInfo) {
	info := requestInfo{id: r.Header.Get(requestIDHeader), submitter: trusted.submitter(r)}
	if !validID(info.id) {
		info.id = rand.Text()
	}
	return r.WithContext(context.WithValue(r.Context(), requestKey{}, info)), info
}

// validID reports whether id, which is logged, consists of 1 to maxRequestID
// visible ASCII characters.
func validID(id string) bool {
	visible := func(c rune) bool { return c > ' ' && c <= '~' }
	return id != "" && len(id) <= maxRequestID && strings.IndexFunc(id, func(c rune) bool { return !visible(c) }) < 0
}

func requestInfoOf(ctx context.Context) requestInfo {
	info, _ := ctx.Value(requestKey{}).(requestInfo)
	return info
}

func submitterOf(ctx context.Context) string { return requestInfoOf(ctx).submitter }

// instance returns the URI reference that identifies an occurrence of a problem:
// the id of its request as a fragment.
func instance(id string) string {
	if id == "" {
		return ""
	}
	return (&url.URL{Fragment: id}).String()
}

// documentRequestID adds the header to every response in the document.
func documentRequestID(document *huma.OpenAPI) {
	document.Components.Headers = map[string]*huma.Header{requestIDHeader: {
		Description: "The id of the request: chosen by the client, or else by the server.",
		Required:    true,
		Schema:      &huma.Schema{Type: huma.TypeString, Pattern: "^[!-~]{1,128}$", Examples: []any{"7KQZ3V5N2M4XJ6RWPA8TBHEDCY"}},
	}}
	for _, path := range document.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Head, path.Post} {
			if op == nil {
				continue
			}
			for _, response := range op.Responses {
				if response.Headers == nil {
					response.Headers = make(map[string]*huma.Header)
				}
				response.Headers[requestIDHeader] = &huma.Header{Ref: "#/components/headers/" + requestIDHeader}
			}
		}
	}
}

// LogHandler returns a handler that adds the request id to each record logged
// in the context of a request, and passes the records on to inner.
func LogHandler(inner slog.Handler) slog.Handler { return logHandler{inner} }

type logHandler struct{ slog.Handler }

func (h logHandler) Handle(ctx context.Context, record slog.Record) error {
	if id := requestInfoOf(ctx).id; id != "" {
		record = record.Clone()
		record.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, record)
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

func (h logHandler) WithGroup(name string) slog.Handler { return logHandler{h.Handler.WithGroup(name)} }
