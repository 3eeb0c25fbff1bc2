package core

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Kind classifies an error by what its caller can do about it. Callers act on
// the kind, never on the text.
type Kind int

// The kinds of errors.
const (
	KindNone        Kind = iota // no error: the kind of nil and of nothing else
	KindInternal                // a defect of this program or its setup; also every error without a kind
	KindInvalid                 // the request can't succeed as it is: correct it
	KindNotFound                // what the request names does not exist
	KindNotReady                // it does not exist yet: retry later
	KindTooLarge                // valid, but too expensive: ask for less
	KindOverloaded              // refused for lack of capacity: retry later
	KindUnavailable             // a service that is depended on can't be reached or used: retry later
	KindCanceled                // the caller cancelled the request
)

var kindNames = [...]string{
	"none", "internal", "invalid", "not found", "not ready", "too large", "overloaded", "unavailable", "canceled",
}

// String returns the kind's name in words, such as "not found". A value that
// is not one of the kinds is named "internal".
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		k = KindInternal
	}
	return kindNames[k]
}

// Error is an error with a kind. Message is for the user; Cause is for the log
// and must not be shown to users.
type Error struct {
	Kind     Kind
	Field    string        // input that the error concerns: "index", or empty
	Message  string        // what is wrong and what to do about it, as a sentence
	Estimate *Estimate     // with KindTooLarge: what the calculation would cost
	Wait     time.Duration // with KindOverloaded: expected time until a retry can succeed, or 0 if unknown
	Cause    error         // underlying error, or nil
}

// Error returns the message and the cause, for logs.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Message
	}
	return strings.TrimSuffix(e.Message, ".") + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// NewError returns an error of the given kind with a message for the user.
func NewError(kind Kind, message string) *Error {
	return &Error{Kind: kind, Message: message}
}

// WrapError returns an error of the given kind with a message for the user and
// a cause for the log. If the cause is context.Canceled, the kind is
// KindCanceled instead.
func WrapError(kind Kind, message string, cause error) *Error {
	if errors.Is(cause, context.Canceled) {
		kind = KindCanceled
	}
	return &Error{Kind: kind, Message: message, Cause: cause}
}

// KindOf returns the kind of err: KindNone if err is nil, else the kind of the
// outermost *Error in its chain, KindCanceled for context.Canceled,
// KindUnavailable for context.DeadlineExceeded, and KindInternal for any other
// error, including an *Error whose Kind was not set.
func KindOf(err error) Kind {
	if err == nil {
		return KindNone
	}
	var e *Error
	switch {
	case errors.As(err, &e) && e.Kind != KindNone:
		return e.Kind
	case e != nil:
		return KindInternal
	case errors.Is(err, context.Canceled):
		return KindCanceled
	case errors.Is(err, context.DeadlineExceeded):
		return KindUnavailable
	}
	return KindInternal
}

// IsNotFound reports whether err is of KindNotFound. There is no sentinel to
// compare with by errors.Is, because errors.Is searches the whole chain: it
// would also match an error of another kind that "not found" is the cause of.
func IsNotFound(err error) bool { return KindOf(err) == KindNotFound }
