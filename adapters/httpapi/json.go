package httpapi

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// Integer is an index in JSON. As JSON Schema has it, what counts is the
// number and not how it is written: 1e3 and 1000.0 are 1000.
type Integer int64

// Schema bounds an integer to those that are exact everywhere; Huma asks for it.
func (Integer) Schema(huma.Registry) *huma.Schema {
	largest := float64(core.MaxIndex)
	smallest := -largest
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &smallest, Maximum: &largest}
}

// UnmarshalJSON reads a number that fits the schema.
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

// formats are JSON for requests and answers, and what ends in +json for answers.
func formats() map[string]huma.Format {
	write := huma.DefaultJSONFormat.Marshal
	refuse := func([]byte, any) error { return huma.ErrUnknownContentType }
	return map[string]huma.Format{
		"application/json": {Marshal: write, Unmarshal: unmarshal},
		"json":             {Marshal: write, Unmarshal: refuse},
	}
}

// unmarshal is json.Unmarshal but for numbers of open type, which it keeps as
// they are written: 1e400 is JSON, though no float64.
func unmarshal(text []byte, v any) error {
	if _, open := v.(*any); !open {
		return json.Unmarshal(text, v)
	}
	var whole json.RawMessage // refuses what comes after the first value
	if err := json.Unmarshal(text, &whole); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(whole))
	d.UseNumber()
	return d.Decode(v)
}
