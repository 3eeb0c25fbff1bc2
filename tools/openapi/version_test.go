package openapi_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

const document30 = "../../openapi-3.0.yaml"

// Generators that do not read version 3.1, such as those of swagger-codegen, take the
// document in version 3.0.
func TestDocument30_IsValidAndHasAllOperations(t *testing.T) {
	t.Parallel()
	older, newer := load(t, document30), load(t, document)
	if older.OpenAPI != "3.0.3" {
		t.Errorf("its version is %s", older.OpenAPI)
	}
	if err := older.Validate(t.Context()); err != nil {
		t.Errorf("it is not valid: %v", err)
	}
	if got, want := operations(older), operations(newer); !slices.Equal(got, want) {
		t.Errorf("its operations are %q, those of the document %q", got, want)
	}
	if got, want := slices.Sorted(maps.Keys(older.Components.Schemas)), slices.Sorted(maps.Keys(newer.Components.Schemas)); !slices.Equal(got, want) {
		t.Errorf("its schemas are %q, those of the document %q", got, want)
	}
}

// The validator finds what version 3.0 does not have.
func TestDocument30_OfVersion31IsNotValid(t *testing.T) {
	t.Parallel()
	newer := load(t, document)
	newer.OpenAPI = "3.0.3"
	if err := newer.Validate(t.Context()); err == nil {
		t.Error("the document in version 3.1 is taken for one in version 3.0")
	}
}

func load(t *testing.T, file string) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// operations returns the ids of the operations of a document.
func operations(document *openapi3.T) []string {
	var ids []string
	for _, path := range document.Paths.Map() {
		for _, operation := range path.Operations() {
			ids = append(ids, operation.OperationID)
		}
	}
	return slices.Sorted(slices.Values(ids))
}
