// Package httpapi serves core.Service over HTTP. Its OpenAPI 3.1 document is
// generated from the declarations of its operations. Every error is a problem
// as defined by RFC 9457.
//
// A request passes middleware.go (request id, submitter, panics, unknown paths)
// and body.go. Each operation has a file: submit.go, indices.go, values.go,
// digits.go (with precondition.go and range.go), estimates.go, events.go,
// status.go, health.go, and those of the number explorer, explorer.go, numbers.go,
// ranges.go, remainders.go, periods.go, inverse.go and zeckendorf.go. problem.go turns errors of package core into
// responses.
package httpapi
