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
		t.Errorf("openapi.yaml is not what the code says (%v): run make generate", err)
	}
	w := newWorld(t, nil)
	inYAML := w.get("/openapi.yaml").want(200).wantHeader("Content-Type", "application/openapi+yaml")
	if inYAML.text != committed {
		t.Error("/openapi.yaml is not the committed openapi.yaml")
	}
	inJSON := w.get("/openapi.json").want(200).wantHeader("Content-Type", "application/openapi+json")
	var fromYAML, fromJSON any // JSON is YAML, too
	if err := yaml.Unmarshal([]byte(committed), &fromYAML); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(inJSON.text), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fromYAML, fromJSON) {
		t.Error("/openapi.json says something else than openapi.yaml")
	}
}

func TestDocument_IsValidAndHasTheSchemas(t *testing.T) {
	t.Parallel()
	documented := documented()
	documented.mu.Lock()
	defer documented.mu.Unlock()
	if valid, faults := documented.whole.ValidateDocument(); !valid {
		t.Errorf("openapi.yaml is no OpenAPI document: %v", faults)
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

// checker checks exchanges against the document, one at a time.
type checker struct {
	mu       sync.Mutex
	whole    validator.Validator
	bodiless validator.Validator // for answers to HEAD
}

// documented checks against the committed document.
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
		whole:    made(config.WithBodyDecoder("text/plain", content.TextDecoder()), config.WithFormatAssertions()),
		bodiless: made(config.WithoutResponseBodyValidation()),
	}
})

// checkDocumented checks that the document foresees the answer: its route, its
// status, its type, its headers and its body; and that a request which was
// accepted is one that the document asks for.
func checkDocumented(a answer, requestBody string) {
	a.t.Helper()
	if undocumented(a) {
		return
	}
	request := a.Request.Clone(a.t.Context())
	request.Body = io.NopCloser(strings.NewReader(strings.TrimPrefix(requestBody, "\ufeff"))) // which the document does not tell of
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

// undocumented reports whether an answer is the document itself, or its page, or
// says that the API does not have such an address or method.
func undocumented(a answer) bool {
	path := a.Request.URL.Path
	return a.StatusCode == http.StatusOK && (strings.HasPrefix(path, "/openapi.") || path == "/docs") ||
		a.StatusCode == http.StatusMethodNotAllowed ||
		a.StatusCode == http.StatusNotFound && strings.Contains(a.text, "There is nothing at this address.")
}
