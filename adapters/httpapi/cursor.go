package httpapi

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// A cursor is a few integers, as varints in base64. It says where a page ends,
// so that it stays right whatever is added or lost meanwhile.

func encodeCursor(fields ...int64) string {
	var b []byte
	for _, x := range fields {
		b = binary.AppendVarint(b, x)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// decodeCursor sets the fields, and reports whether the cursor was one of ours.
func decodeCursor(cursor string, fields ...*int64) error {
	bad := newProblem(http.StatusUnprocessableEntity, "This cursor is not one of ours. Begin without a cursor.",
		FieldError{Location: "query.cursor", Message: "is not a cursor of this list", Value: echoed(cursor)})
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return bad
	}
	for _, field := range fields {
		x, n := binary.Varint(b)
		if n <= 0 {
			return bad
		}
		*field, b = x, b[n:]
	}
	if len(b) > 0 {
		return bad
	}
	return nil
}

// decodeSequence returns the place in the list of indices; none is the newest.
func decodeSequence(cursor string) (before int64, err error) {
	if cursor == "" {
		return 0, nil
	}
	if err := decodeCursor(cursor, &before); err != nil {
		return 0, err
	}
	if before <= 0 {
		return 0, decodeCursor("!")
	}
	return before, nil
}

// decodePosition returns the place in the list of values; none is the newest.
func decodePosition(cursor string) (core.Position, error) {
	if cursor == "" {
		return core.Position{}, nil
	}
	var at, n int64
	if err := decodeCursor(cursor, &at, &n); err != nil {
		return core.Position{}, err
	}
	return core.Position{CalculatedAt: time.UnixMicro(at).UTC(), Index: core.Index(n)}, nil
}

// nextLink is the Link header of a page that has a next one, relative to the
// address of the list.
func nextLink(list string, limit int, cursor string) string {
	return fmt.Sprintf(`<%s?limit=%d&cursor=%s>; rel="next"`, list, limit, cursor)
}
