package httpapi

import (
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// IndexPath is the index in an address.
type IndexPath struct {
	Index int64 `path:"index" minimum:"-9007199254740991" maximum:"9007199254740991" example:"1000" doc:"The index n of F(n), as an integer without + or leading zeros."`
}

// Resolve refuses +5 and 007: a value has one address.
func (p *IndexPath) Resolve(hc huma.Context) []error {
	given := hc.Param("index")
	n, err := strconv.ParseInt(given, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) == given {
		return nil // where it is no integer, Huma has said so
	}
	return []error{&huma.ErrorDetail{Location: "path.index", Message: "an integer is written without + and leading zeros", Value: given}}
}
