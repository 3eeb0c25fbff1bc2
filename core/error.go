package core

import (
	"context"
	"errors"
	"time"
)

// Kind says what a caller can do about an error. Callers act on the kind,
// never on the text.
type Kind int

// The kinds of errors.
const (
	KindInternal    Kind = iota // a fault of ours; also every error that is not an *Error
	KindInvalid                 // the request can't be right: mend it
	KindNotFound                // there is no such thing
	KindNotReady                // there will be: ask again later
	KindTooLarge                // right, but too expensive: ask for less
	KindOverloaded              // not now, there is too much to do: ask again later
	KindUnavailable             // something we depend on is away: ask again later
	KindCanceled                // the caller itself gave up
)

var kindNames = [...]string{
	"internal", "invalid", "not found", "not ready", "too large", "overloaded", "unavailable", "canceled",
}

// String returns the kind's name in words.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return kindNames[KindInternal]
	}
	return kindNames[k]
}

// Error is an error with a kind. Message is a sentence for the person who
// asked; the cause is for the log only and must not be shown to strangers.
type Error struct {
	Kind     Kind
	Field    string        // the input that the error concerns, if it is one
	Message  string        // what is wrong and what to do, as a sentence
	Estimate *Estimate     // with KindTooLarge: what it would have cost
	Wait     time.Duration // with KindOverloaded: how long it may take until there is room, 0 if that is not known
	Cause    error         // what led to it, if anything did
}

// Error returns the message followed by the cause, for logs.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// NewError returns an error of the given kind with a message and no cause.
func NewError(kind Kind, message string) *Error {
	return &Error{Kind: kind, Message: message}
}

// WrapError returns an error of the given kind with a message for people and a
// cause for the log. Where the cause is a cancelled context the kind is
// KindCanceled, whatever is given: nobody is at fault.
func WrapError(kind Kind, message string, cause error) *Error {
	if errors.Is(cause, context.Canceled) {
		kind = KindCanceled
	}
	return &Error{Kind: kind, Message: message, Cause: cause}
}

// KindOf returns the kind of err: that of the outermost *Error in its chain,
// KindCanceled for a cancelled context, KindUnavailable for a deadline that
// passed, else KindInternal.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.Canceled):
		return KindCanceled
	case errors.Is(err, context.DeadlineExceeded):
		return KindUnavailable
	}
	return KindInternal
}
