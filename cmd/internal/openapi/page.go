package main

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

	"github.com/danielgtaylor/huma/v2"
)

//go:embed page.tmpl
var pageTemplate string

// renderPage renders the document as one HTML page without scripts.
func renderPage(document *huma.OpenAPI) ([]byte, error) {
	page, err := template.New("page").Funcs(template.FuncMap{
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
	}).Parse(pageTemplate)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = page.Execute(&text, document)
	return text.Bytes(), err
}

// operationsWith returns the operations with a tag, ordered by path and then by
// method: POST, GET, HEAD.
func operationsWith(document *huma.OpenAPI, tag string) []*huma.Operation {
	var operations []*huma.Operation
	for _, path := range document.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Head, path.Post} {
			if op != nil && slices.Contains(op.Tags, tag) {
				operations = append(operations, op)
			}
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

// ownHeaders returns the headers of a response without those that all responses
// have.
func ownHeaders(headers map[string]*huma.Header) map[string]*huma.Header {
	own := maps.Clone(headers)
	maps.DeleteFunc(own, func(_ string, h *huma.Header) bool { return h.Ref != "" })
	return own
}

// limits returns the constraints of a schema other than its type, in words.
func limits(s *huma.Schema) []string {
	var words []string
	add := func(format string, args ...any) { words = append(words, fmt.Sprintf(format, args...)) }
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		add("%s to %s", number(*s.Minimum), number(*s.Maximum))
	case s.Minimum != nil:
		add("at least %s", number(*s.Minimum))
	case s.Maximum != nil:
		add("at most %s", number(*s.Maximum))
	}
	if s.MinItems != nil && s.MaxItems != nil {
		add("%d to %d items", *s.MinItems, *s.MaxItems)
	}
	if s.MaxLength != nil {
		add("up to %d characters", *s.MaxLength)
	}
	if s.Pattern != "" {
		add("matches %s", s.Pattern)
	}
	if s.Default != nil {
		add("%v by default", s.Default)
	}
	return words
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// maxLine is the length up to which JSON is shown on one line, in characters.
const maxLine = 60

func indented(value any) (string, error) {
	if text, err := json.Marshal(value); err != nil || len(text) <= maxLine {
		return string(text), err
	}
	text, err := json.MarshalIndent(value, "", "  ")
	return string(text), err
}

// curl returns a command that makes a request with the example values.
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
