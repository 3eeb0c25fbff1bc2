package httpapi

import (
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// IndexPath is the index in a path.
type IndexPath struct {
	Index int64 `path:"index" minimum:"-9007199254740991" maximum:"9007199254740991" example:"1000" doc:"The index n of F(n): an integer without a plus sign or leading zeros."`
}

// Resolve rejects +5 and 007: each value has exactly one URL.
func (p *IndexPath) Resolve(hc huma.Context) []error {
	text := hc.Param("index")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) == text {
		return nil // Huma reports what is not an integer
	}
	return []error{&huma.ErrorDetail{Location: "path.index", Message: "must be written without a plus sign or leading zeros", Value: text}}
}
