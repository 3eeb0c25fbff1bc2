package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pisano-dev/pisano/core"
)

// Submission is the body of a submission: one index, or several.
type Submission struct {
	Index   *Integer  `json:"index,omitempty" example:"1000" doc:"The index n of F(n), an integer and not a string. How large it may be is the server's setting PISANO_MAX_INDEX."`
	Indices []Integer `json:"indices,omitempty" nullable:"false" minItems:"1" maxItems:"1000" doc:"Up to 1,000 indices at once, instead of index. All are accepted, or none."`

	read  bool              // false: it does not fit the schema, which has been said
	fault *huma.ErrorDetail // what a schema can't say
}

// UnmarshalJSON reads a submission without guessing: of a name that is given
// twice other libraries take the first, or the last.
func (s *Submission) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return errors.Join(errors.New("not an object"), err)
	}
	given := make(map[string]bool)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		var member any
		switch {
		case given[name]:
			s.fault = &huma.ErrorDetail{Location: "body." + name, Message: "is given twice"}
			return nil
		case name == "index":
			member = &s.Index
		case name == "indices":
			member = &s.Indices
		default: // in other letters: Huma's validation does not mind them
			s.fault = &huma.ErrorDetail{Location: "body." + name, Message: "unexpected property"}
			return nil
		}
		given[name] = true
		if err := d.Decode(member); err != nil {
			return err
		}
	}
	s.read = true
	return nil
}

// Resolve checks what a schema can't say well: exactly one of the two.
func (s *Submission) Resolve(huma.Context) []error {
	switch {
	case s.fault != nil:
		return []error{s.fault}
	case !s.read:
		return nil
	case s.Index == nil && s.Indices == nil:
		return []error{&huma.ErrorDetail{Location: "body.index", Message: "an integer is required"}}
	case s.Index != nil && s.Indices != nil:
		return []error{&huma.ErrorDetail{Location: "body.indices", Message: "give either index or indices, not both"}}
	}
	return nil
}

// indices returns what was submitted.
func (s *Submission) indices() []core.Index {
	if s.Index != nil {
		return []core.Index{core.Index(*s.Index)}
	}
	indices := make([]core.Index, len(s.Indices))
	for i, n := range s.Indices {
		indices[i] = core.Index(n)
	}
	return indices
}

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
