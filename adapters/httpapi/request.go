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

// requestIDHeader names the request in both directions.
const requestIDHeader = "X-Request-Id"

// maxRequestID is the length up to which a client's own name of a request is
// taken over.
const maxRequestID = 128

// requestInfo is what is known of a request from its connection and header.
type requestInfo struct {
	id        string // names the request in the log, the header and problems
	submitter string // tells who asks from others
}

type requestKey struct{}

// withRequestInfo returns the request with what is known of it in its context.
func withRequestInfo(r *http.Request, trusted TrustedProxies) (*http.Request, requestInfo) {
	known := requestInfo{id: r.Header.Get(requestIDHeader), submitter: trusted.submitter(r)}
	if !validID(known.id) {
		known.id = rand.Text()
	}
	return r.WithContext(context.WithValue(r.Context(), requestKey{}, known)), known
}

// validID reports whether an id has 1 to maxRequestID visible characters of
// ASCII: it goes into the log.
func validID(id string) bool {
	visible := func(c rune) bool { return c > ' ' && c <= '~' }
	return id != "" && len(id) <= maxRequestID && strings.IndexFunc(id, func(c rune) bool { return !visible(c) }) < 0
}

func requestInfoOf(ctx context.Context) requestInfo {
	known, _ := ctx.Value(requestKey{}).(requestInfo)
	return known
}

func submitterOf(ctx context.Context) string { return requestInfoOf(ctx).submitter }

// instance is the reference to this occurrence of a problem: the id of its
// request, as the fragment of the address that was asked.
func instance(id string) string {
	if id == "" {
		return ""
	}
	return (&url.URL{Fragment: id}).String()
}

// documentRequestID adds the header to every response in the document.
func documentRequestID(document *huma.OpenAPI) {
	document.Components.Headers = map[string]*huma.Header{requestIDHeader: {
		Description: "The name of the request: the client's, or one that it was given.",
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

// LogHandler returns a handler that writes with the given one, and adds to
// each line that belongs to a request the id of that.
func LogHandler(inner slog.Handler) slog.Handler { return logHandler{inner} }

type logHandler struct{ slog.Handler }

func (h logHandler) Handle(ctx context.Context, line slog.Record) error {
	if id := requestInfoOf(ctx).id; id != "" {
		line = line.Clone()
		line.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, line)
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

func (h logHandler) WithGroup(name string) slog.Handler { return logHandler{h.Handler.WithGroup(name)} }
