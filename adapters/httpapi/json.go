package httpapi

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// Integer is an index in JSON. As in JSON Schema, the value counts and not its
// notation: 1e3 and 1000.0 are 1000.
type Integer int64

// Schema implements huma.SchemaProvider. It limits an integer to those that a
// float64 represents exactly.
func (Integer) Schema(huma.Registry) *huma.Schema {
	largest := float64(core.MaxIndex)
	smallest := -largest
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &smallest, Maximum: &largest}
}

// UnmarshalJSON parses a number that has been validated against the schema.
func (i *Integer) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err == nil {
		*i = Integer(n)
		return nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	*i = Integer(f)
	return err
}

// formats returns the codecs: JSON for requests and responses, and media types
// with the suffix +json for responses only.
func formats() map[string]huma.Format {
	write := huma.DefaultJSONFormat.Marshal
	refuse := func([]byte, any) error { return huma.ErrUnknownContentType }
	return map[string]huma.Format{
		"application/json": {Marshal: write, Unmarshal: unmarshal},
		"json":             {Marshal: write, Unmarshal: refuse},
	}
}

// unmarshal is like json.Unmarshal, but decodes numbers in an any as
// json.Number: 1e400 is valid JSON and not a float64.
func unmarshal(text []byte, v any) error {
	if _, open := v.(*any); !open {
		return json.Unmarshal(text, v)
	}
	var whole json.RawMessage // rejects trailing data
	if err := json.Unmarshal(text, &whole); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(whole))
	d.UseNumber()
	return d.Decode(v)
}
