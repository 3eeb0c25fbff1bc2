package httpapi_test

import (
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/content"
	"go.yaml.in/yaml/v3"

	"github.com/pisano-dev/pisano/adapters/httpapi"
)

func TestDocument_CommittedIsTheOneServed(t *testing.T) {
	t.Parallel()
	committed := committedDocument(t)
	if made, err := httpapi.Document(); err != nil || string(made) != committed {
		t.Errorf("openapi.yaml is out of date (%v): run make generate", err)
	}
	s := newTestServer(t, nil)
	inYAML := s.get("/openapi.yaml").want(200).wantHeader("Content-Type", "application/openapi+yaml")
	if inYAML.text != committed {
		t.Error("/openapi.yaml is not the committed openapi.yaml")
	}
	in30, err := os.ReadFile("../../openapi-3.0.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if s.get("/openapi-3.0.yaml").want(200).wantHeader("Content-Type", "application/openapi+yaml").text != string(in30) {
		t.Error("/openapi-3.0.yaml is not the committed openapi-3.0.yaml: run make generate")
	}
	inJSON := s.get("/openapi.json").want(200).wantHeader("Content-Type", "application/openapi+json")
	var fromYAML, fromJSON any // YAML includes JSON
	if err := yaml.Unmarshal([]byte(committed), &fromYAML); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(inJSON.text), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fromYAML, fromJSON) {
		t.Error("/openapi.json differs from openapi.yaml")
	}
}

func TestDocument_IsValidAndHasTheSchemas(t *testing.T) {
	t.Parallel()
	documented := documented()
	documented.mu.Lock()
	defer documented.mu.Unlock()
	if valid, faults := documented.whole.ValidateDocument(); !valid {
		t.Errorf("openapi.yaml is not a valid OpenAPI document: %v", faults)
	}
	for _, schema := range []string{"Event", "Problem", "SeenIndex", "Submission", "Value", "ValueState"} {
		if !strings.Contains(committedDocument(t), "\n    "+schema+":\n") {
			t.Errorf("the document does not have the schema %s", schema)
		}
	}
}

func committedDocument(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const documentFile = "../../openapi.yaml"

// checker validates exchanges against the document, one at a time.
type checker struct {
	mu       sync.Mutex
	whole    validator.Validator
	bodiless validator.Validator // for responses to HEAD
}

// documented returns the checker of the committed document.
var documented = sync.OnceValue(func() *checker {
	text, err := os.ReadFile(documentFile)
	if err != nil {
		panic(err)
	}
	made := func(options ...config.Option) validator.Validator {
		document, err := libopenapi.NewDocument(text)
		if err != nil {
			panic(err)
		}
		v, errs := validator.NewValidator(document, options...)
		if errs != nil {
			panic(errs)
		}
		return v
	}
	return &checker{
		whole:    made(config.WithBodyDecoder("text/plain", content.TextDecoder()), config.WithBodyDecoder("application/x-ndjson", content.TextDecoder()), config.WithFormatAssertions()),
		bodiless: made(config.WithoutResponseBodyValidation()),
	}
})

// checkDocumented validates the path, status, header and body of a response
// against the document, and the request as well if the server accepted it.
func checkDocumented(a answer, requestBody string) {
	a.t.Helper()
	if undocumented(a) {
		return
	}
	request := a.Request.Clone(a.t.Context())
	request.Body = io.NopCloser(strings.NewReader(strings.TrimPrefix(requestBody, "\ufeff"))) // the document does not mention it
	response := *a.Response
	response.Body = io.NopCloser(strings.NewReader(a.text))
	c := documented()
	c.mu.Lock()
	defer c.mu.Unlock()
	check := c.whole
	if a.Request.Method == http.MethodHead {
		check = c.bodiless
	}
	_, faults := check.ValidateHttpResponse(request, &response)
	if a.StatusCode < 300 {
		_, more := check.ValidateHttpRequestSync(request)
		faults = append(faults, more...)
	}
	for _, fault := range faults {
		a.t.Errorf("%s %s → %d is not as documented: %v\n%.1000s", a.Request.Method, a.Request.URL, a.StatusCode, fault, a.text)
	}
	if a.StatusCode == http.StatusNotModified && a.text != "" {
		a.t.Errorf("304 with a body: %s", a.text)
	}
}

// undocumented reports whether a response is the document itself, its page, or
// the error for an unknown path or method.
func undocumented(a answer) bool {
	path := strings.TrimPrefix(a.Request.URL.Path, "/api")
	return a.StatusCode == http.StatusOK && (strings.HasPrefix(path, "/openapi") || path == "/docs") ||
		a.StatusCode == http.StatusMethodNotAllowed ||
		a.StatusCode == http.StatusNotFound && strings.Contains(a.text, "There is nothing at this address.")
}
