package httpapi

import (
	"iter"
	"net/http"
	"reflect"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// Describe returns the OpenAPI document.
func Describe() *huma.OpenAPI { return new(api).describe(http.NewServeMux()) }

// Document returns the OpenAPI document in YAML.
func Document() ([]byte, error) { return Describe().YAML() }

// Document30 returns the OpenAPI document in YAML for tools that read version 3.0 and
// not 3.1.
func Document30() ([]byte, error) { return downgrade(Describe()) }

// downgrade returns a document in version 3.0, which has neither the identifier of a
// license nor several examples of a schema.
func downgrade(document *huma.OpenAPI) ([]byte, error) {
	old, info := *document, *document.Info
	info.License = &huma.License{Name: info.License.Name, URL: "https://opensource.org/license/mit"}
	old.Info = &info
	return old.DowngradeYAML()
}

// serveDocument serves the OpenAPI document. The document does not list these
// paths.
func serveDocument(mux *http.ServeMux, document *huma.OpenAPI) {
	serve := func(pattern, mediaType string, encode func() ([]byte, error)) {
		text := sync.OnceValue(func() []byte {
			text, err := encode()
			if err != nil {
				panic(err) // the document is constant, and tests encode it
			}
			return text
		})
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", mediaType)
			// An error means that the client is gone.
			_, _ = w.Write(text())
		})
	}
	serve("GET /openapi.json", "application/openapi+json", document.MarshalJSON)
	serve("GET /openapi.yaml", "application/openapi+yaml", document.YAML)
	serve("GET /openapi-3.0.yaml", "application/openapi+yaml", func() ([]byte, error) { return downgrade(document) })
}

// operationsOf iterates over the operations of a document and their ids.
func operationsOf(document *huma.OpenAPI) iter.Seq2[string, *huma.Operation] {
	return func(yield func(string, *huma.Operation) bool) {
		for _, path := range document.Paths {
			for _, op := range []*huma.Operation{path.Get, path.Head, path.Post} {
				if op != nil && !yield(op.OperationID, op) {
					return
				}
			}
		}
	}
}

// descriptions describes the schemas generated from structs. Huma has no struct
// tag for it.
var descriptions = map[string]string{
	"Dependency":    "The health of something the service needs.",
	"Estimate":      "The estimated cost of a calculation.",
	"Event":         "Something that happened to an index; the type of the server-sent event says what.",
	"FieldError":    "An invalid input.",
	"IndexEstimate": "The estimated cost of calculating an index.",
	"Liveness":      "The process is alive.",
	"LiveWorker":    "A worker that is alive.",
	"LongInteger":   "An integer that may be too long for a path.",
	"DoublingStep":  "A pair of neighbours in the Fibonacci sequence modulo m.",
	"Number":        "A Fibonacci number with all its digits.",
	"NumberFacts":   "What is known of F(n) without calculating it.",
	"Part":          "The status of a part of the service, of all its processes together.",
	"Period":        "The Pisano period of a modulus, with its factors.",
	"PeriodFactor":  "A prime power of a modulus, with its own period and rank.",
	"Preimage":      "Where a number stands among the Fibonacci numbers.",
	"Primality":     "What is known of the primality of a number, and why.",
	"Problem":       "An error, as defined by RFC 9457.",
	"Readiness":     "Whether everything the service needs is available.",
	"Remainder":     "F(n) modulo m.",
	"SeenIndex":     "A submitted index and its state.",
	"SeenIndices":   "A page of submitted indices.",
	"ServiceStatus": "The status of the parts of the service.",
	"Submission":    "One index or several.",
	"TermFacts":     "The digits and the primality of a Fibonacci or Lucas number.",
	"Value":         "A calculated Fibonacci number: all its digits, or the first and the last 50.",
	"ValueState":    "The state of an index, with its value once it is calculated.",
	"Values":        "A page of calculated values.",
	"Zeckendorf":    "The Zeckendorf representation of a number.",
}

// describeSchemas adds descriptions to schemas and request bodies.
func describeSchemas(document *huma.OpenAPI) {
	schemas := document.Components.Schemas.Map()
	for name, description := range descriptions {
		schemas[name].Description = description
	}
	for _, op := range operationsOf(document) {
		if op.RequestBody != nil {
			op.RequestBody.Description = op.Summary + "."
		}
	}
}

// registerSchema adds a named schema to the document and returns a reference to
// it. Huma names the schemas of structs only.
func registerSchema(schemas huma.Registry, name string, schema *huma.Schema) *huma.Schema {
	schemas.Map()[name] = schema
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

func statusKey(status int) string { return strconv.Itoa(status) }

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }
