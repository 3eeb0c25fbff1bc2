package httpapi_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestDocsPage_ShowsTheWholeDocument(t *testing.T) {
	t.Parallel()
	page := newTestServer(t, nil).get("/docs").want(200).wantHeader("Content-Type", "text/html; charset=utf-8").text
	document := parsedDocument(t)
	for path, operations := range document.Paths {
		for method, op := range operations {
			section := between(t, page, `<article id="`+op.OperationID+`">`, "</article>")
			wants := []string{path, strings.ToUpper(method), op.Summary, op.Description}
			for _, p := range op.Parameters {
				wants = append(wants, p.Name, p.Description)
			}
			for status, response := range op.Responses {
				wants = append(wants, "<code>"+status+"</code>", response.Description)
			}
			wantAll(t, section, wants)
		}
	}
	for name, schema := range document.Components.Schemas {
		section := between(t, page, `<article id="schema-`+name+`">`, "</article>")
		wants := []string{schema.Description}
		for field, property := range schema.Properties {
			wants = append(wants, "<code>"+field+"</code>", property.Description)
		}
		wantAll(t, section, wants)
	}
}

func TestDocsPage_LoadsNothingFromElsewhereAndItsLinksWork(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	a := s.get("/docs").want(200)
	policy := a.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy is %q", policy)
		}
	}
	for _, forbidden := range []string{"<script", "<iframe", "<img", " src=", " on"} {
		if strings.Contains(tags(a.text), forbidden) {
			t.Errorf("the page has %q", forbidden)
		}
	}
	for _, forbidden := range []string{"@import", "url("} {
		if strings.Contains(a.text, forbidden) {
			t.Errorf("the page's style has %q", forbidden)
		}
	}
	for _, match := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(a.text, -1) {
		link, err := url.Parse(match[1])
		switch {
		case err != nil || link.Host != "" || link.Scheme != "" && link.Scheme != "data":
			t.Errorf("a link to %s: %v", match[1], err)
		case link.Fragment != "" && !strings.Contains(a.text, `id="`+link.Fragment+`"`):
			t.Errorf("%s is a link to nothing", match[1])
		case link.Path != "":
			s.get("/" + link.Path).want(200)
		}
	}
}

// tags returns the tags of an HTML page.
func tags(page string) string {
	return strings.Join(regexp.MustCompile(`<[a-z][^>]*>`).FindAllString(page, -1), "\n")
}

type documentText struct {
	Paths map[string]map[string]struct {
		OperationID          string `yaml:"operationId"`
		Summary, Description string
		Parameters           []struct{ Name, Description string }
		RequestBody          struct{ Content contentText } `yaml:"requestBody"`
		Responses            map[string]struct {
			Description string
			Content     contentText
		}
	}
	Components struct {
		Schemas map[string]struct {
			Description string
			Properties  map[string]struct{ Description string }
		}
	}
}

// contentText holds the examples of each media type.
type contentText map[string]struct {
	Examples map[string]struct{ Value any }
}

func parsedDocument(t *testing.T) (d documentText) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(committedDocument(t)), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, text, found := strings.Cut(text, from)
	text, _, ended := strings.Cut(text, to)
	if !found || !ended {
		t.Errorf("the page has no %s", from)
	}
	return text
}

// wantAll checks that a section of the page contains all texts.
func wantAll(t *testing.T, section string, texts []string) {
	t.Helper()
	section = strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&#43;", "+", "&amp;", "&").Replace(section)
	for _, text := range texts {
		if !strings.Contains(section, text) {
			t.Errorf("the page does not contain %q in %.200s", text, section)
		}
	}
}
