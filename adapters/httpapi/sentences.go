package httpapi

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/pisano-dev/pisano/core"
)

// plainMessages are Huma's messages about an input, in words that continue a sentence
// about it.
var plainMessages = map[string]string{
	"expected integer":                    "must be an integer",
	"invalid integer":                     "must be an integer",
	"expected boolean":                    "must be true or false",
	"invalid boolean":                     "must be true or false",
	"expected string":                     "must be a string",
	"expected array":                      "must be a list",
	"expected object":                     "must be an object",
	"required query parameter is missing": "is missing",
	"unexpected property":                 "is not a property of this body",
	"expected string to match pattern " + integerPattern: "must be an integer without a plus sign or leading zeros",
	"expected string to match pattern " + keyPattern:     "must be up to 128 visible ASCII characters without a quotation mark, with or without quotation marks around them",
}

var (
	boundMessage    = regexp.MustCompile(`^expected (number|length|array length) (>=|<=) (\S+)$`)
	propertyMessage = regexp.MustCompile(`^expected required property (\S+) to be present$`)
)

// units are what the bounds in Huma's messages count.
var units = map[string]struct{ verb, one, many string }{
	"number":       {"be", "", ""},
	"length":       {"have", " character", " characters"},
	"array length": {"have", " item", " items"},
}

// plain returns a message of Huma about an input in words.
func plain(message string) string {
	if words, known := plainMessages[message]; known {
		return words
	}
	if m := propertyMessage.FindStringSubmatch(message); m != nil {
		return "must have the property " + m[1]
	}
	m := boundMessage.FindStringSubmatch(message)
	if m == nil {
		return message
	}
	bound, unit, side := m[3], units[m[1]], "at least "
	if m[2] == "<=" {
		side = "at most "
	}
	if x, err := strconv.ParseFloat(bound, 64); err == nil {
		bound = strconv.FormatFloat(x, 'f', -1, 64) // not 9.007199254740991e+15
	}
	name := unit.many
	if bound == "1" {
		name = unit.one
	}
	return "must " + unit.verb + " " + side + bound + name
}

// beyondInteger reports whether an input that Huma takes for no integer is one, beyond
// 64 bits.
func beyondInteger(message string, value any) bool {
	text, ok := value.(string)
	if !ok || message != "invalid integer" {
		return false
	}
	n, ok := integerOf(text)
	return ok && strings.Trim(text, "-0123456789") == "" && (n > core.MaxIndex || n < -core.MaxIndex)
}
