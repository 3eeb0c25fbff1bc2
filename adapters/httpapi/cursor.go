package httpapi

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// A cursor is a sequence of integers, as varints in base64. It holds the
// position of the last item of a page, so that it stays valid when items are
// added or removed.

func encodeCursor(fields ...int64) string {
	var b []byte
	for _, x := range fields {
		b = binary.AppendVarint(b, x)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// decodeCursor decodes a cursor of exactly these fields, or returns a problem.
func decodeCursor(cursor string, fields ...*int64) error {
	bad := badCursor(cursor)
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

func badCursor(cursor string) error {
	return newProblem(http.StatusUnprocessableEntity, "This cursor is not valid for this list. Start again without a cursor.",
		FieldError{Location: "query.cursor", Message: "is not a cursor of this list", Value: echoed(cursor)})
}

// decodeSequence decodes a position in the list of indices. The empty cursor is
// the start of the list, where the newest is.
func decodeSequence(cursor string) (before int64, err error) {
	if cursor == "" {
		return 0, nil
	}
	if err := decodeCursor(cursor, &before); err != nil {
		return 0, err
	}
	if before <= 0 {
		return 0, badCursor(cursor)
	}
	return before, nil
}

// decodePosition decodes a position in the list of values. The empty cursor is
// the start of the list, where the newest is.
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

// nextLink returns the Link field for the next page, relative to the URL of
// the list.
func nextLink(list string, limit int, cursor string) string {
	return fmt.Sprintf(`<%s?limit=%d&cursor=%s>; rel="next"`, list, limit, cursor)
}
