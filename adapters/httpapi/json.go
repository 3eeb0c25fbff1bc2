package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

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

// encodeJSON encodes the body of a response as Huma does.
func encodeJSON(body any) []byte {
	var text bytes.Buffer
	if err := huma.DefaultJSONFormat.Marshal(&text, body); err != nil {
		panic(err) // integers, times and strings always marshal
	}
	return text.Bytes()
}

var jsonType = []string{"application/json"}

// writeJSON writes an encoded body without Huma.
func writeJSON(w http.ResponseWriter, body []byte) {
	w.Header()["Content-Type"] = jsonType
	// An error means that the client is gone.
	_, _ = w.Write(body)
}

// decodeMembers decodes an object into the variables of its members. It returns a
// fault for a name that appears twice, of which encoding/json would keep the last
// value, and for one that is unknown or differs in case, which Huma's validation
// ignores.
func decodeMembers(text []byte, members map[string]any) (fault *huma.ErrorDetail, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.Join(errors.New("not an object"), err)
	}
	seen := make(map[string]bool)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		member, known := members[name]
		switch {
		case seen[name]:
			return &huma.ErrorDetail{Location: "body." + name, Message: "appears twice"}, nil
		case !known:
			return &huma.ErrorDetail{Location: "body." + name, Message: "unexpected property"}, nil
		}
		seen[name] = true
		if err := d.Decode(member); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// unmarshal is like json.Unmarshal, but decodes numbers in an any as json.Number or
// fraction: 1e400 is valid JSON and not a float64.
func unmarshal(text []byte, v any) error {
	target, open := v.(*any)
	if !open {
		return json.Unmarshal(text, v)
	}
	var whole json.RawMessage // rejects trailing data
	if err := json.Unmarshal(text, &whole); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(whole))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return err
	}
	*target = markFractions(*target)
	return nil
}

// fraction is a number in JSON that is not an integer. Huma would compare the nearest
// float64, which for 1e-400 is 0.
type fraction string

// MarshalJSON returns the number as it was written.
func (f fraction) MarshalJSON() ([]byte, error) { return []byte(f), nil }

// markFractions replaces the numbers in a decoded value that are not integers.
func markFractions(v any) any {
	switch v := v.(type) {
	case json.Number:
		if !isInteger(string(v)) {
			return fraction(v)
		}
	case []any:
		for i := range v {
			v[i] = markFractions(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = markFractions(v[name])
		}
	}
	return v
}

// isInteger reports whether a number in JSON is an integer, exactly: 1e3 and 1000.0
// are.
func isInteger(number string) bool {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	whole, part, _ := strings.Cut(strings.TrimPrefix(mantissa, "-"), ".")
	significant := strings.TrimRight(whole+part, "0")
	if significant == "" {
		return true // it is 0
	}
	places := int64(len(significant) - len(whole)) // behind the point, without the exponent
	shift, err := strconv.ParseInt(exponent, 10, 64)
	if err != nil && exponent != "" { // out of range
		return exponent[0] != '-'
	}
	return places <= shift
}
