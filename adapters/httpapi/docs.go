package httpapi

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsPage string

// docsPolicy is that of the page at / in embedded mode.
const docsPolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

// serveDocs serves the document for people, as one page without a script.
func serveDocs(mux *http.ServeMux, document *huma.OpenAPI) {
	page := sync.OnceValue(func() []byte {
		text, err := renderDocs(document)
		if err != nil {
			panic(err) // the document is always the same: a test would have seen it
		}
		return text
	})
	mux.HandleFunc("GET /docs", func(w http.ResponseWriter, _ *http.Request) {
		header := w.Header()
		header.Set("Content-Type", "text/html; charset=utf-8")
		header.Set("Content-Security-Policy", docsPolicy)
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cache-Control", "no-cache")
		// The client may be gone; there is nobody left to tell.
		_, _ = w.Write(page())
	})
}

func renderDocs(document *huma.OpenAPI) ([]byte, error) {
	page, err := template.New("docs").Funcs(template.FuncMap{
		"operations": func(tag string) []*huma.Operation { return operationsWith(document, tag) },
		"schemas":    func() map[string]*huma.Schema { return document.Components.Schemas.Map() },
		"own":        ownHeaders,
		"name":       func(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] },
		"paragraphs": func(text string) []string { return strings.Split(text, "\n\n") },
		"limits":     limits,
		"indented":   indented,
		"curl":       curl,
		"lower":      strings.ToLower,
		"required":   func(s *huma.Schema, field string) bool { return slices.Contains(s.Required, field) },
	}).Parse(docsPage)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = page.Execute(&text, document)
	return text.Bytes(), err
}

// operationsWith returns the operations with a tag by path, and with the one
// that changes something before the one that reads.
func operationsWith(document *huma.OpenAPI, tag string) []*huma.Operation {
	var operations []*huma.Operation
	for _, op := range operationsOf(document) {
		if slices.Contains(op.Tags, tag) {
			operations = append(operations, op)
		}
	}
	methods := []string{http.MethodPost, http.MethodGet, http.MethodHead}
	slices.SortFunc(operations, func(a, b *huma.Operation) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return slices.Index(methods, a.Method) - slices.Index(methods, b.Method)
	})
	return operations
}

// ownHeaders returns the headers of a response but for those that all have.
func ownHeaders(headers map[string]*huma.Header) map[string]*huma.Header {
	own := maps.Clone(headers)
	maps.DeleteFunc(own, func(_ string, h *huma.Header) bool { return h.Ref != "" })
	return own
}

// limits says in words what a schema demands beyond a type.
func limits(s *huma.Schema) []string {
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		say("%s to %s", number(*s.Minimum), number(*s.Maximum))
	case s.Minimum != nil:
		say("at least %s", number(*s.Minimum))
	case s.Maximum != nil:
		say("at most %s", number(*s.Maximum))
	}
	if s.MinItems != nil && s.MaxItems != nil {
		say("%d to %d items", *s.MinItems, *s.MaxItems)
	}
	if s.MaxLength != nil {
		say("up to %d characters", *s.MaxLength)
	}
	if s.Pattern != "" {
		say("matches %s", s.Pattern)
	}
	if s.Default != nil {
		say("%v if not given", s.Default)
	}
	return said
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// oneLine is up to how many characters JSON is shown in one line.
const oneLine = 60

func indented(value any) (string, error) {
	if text, err := json.Marshal(value); err != nil || len(text) <= oneLine {
		return string(text), err
	}
	text, err := json.MarshalIndent(value, "", "  ")
	return string(text), err
}

// curl returns a command that makes a request such as the examples have.
func curl(op *huma.Operation) (string, error) {
	command := []string{"curl"}
	if op.Method == http.MethodHead {
		command = append(command, "--head")
	}
	path := op.Path
	for _, p := range op.Parameters {
		if len(p.Schema.Examples) == 0 {
			continue
		}
		switch given := fmt.Sprint(p.Schema.Examples[0]); p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", given)
		case "header":
			command = append(command, fmt.Sprintf("-H '%s: %s'", p.Name, given))
		}
	}
	if op.RequestBody != nil {
		body, err := json.Marshal(op.RequestBody.Content["application/json"].Examples["one"].Value)
		if err != nil {
			return "", err
		}
		command = append(command, "-H 'Content-Type: application/json'", fmt.Sprintf("-d '%s'", body))
	}
	return strings.Join(append(command, `"$PISANO`+path+`"`), " "), nil
}
