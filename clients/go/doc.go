// Package pisano is a client of the HTTP API of Pisano, which knows the
// Fibonacci numbers: any index, every digit.
//
//	api, err := pisano.New("http://localhost:8080/api")
//	seen, err := api.Submit(ctx, 1000)
//	value, err := api.Wait(ctx, seen.Index)
//
// Every operation of the API is a method of API, generated from its OpenAPI
// document, whose name ends in WithResponse; without that ending, it returns
// the plain HTTP response. What is written by hand is what a generator can't
// make: errors, streams, and loops. An error that the server answered with is
// a *ProblemError; an answer that is not from Pisano, such as a login page,
// is a *ForeignAnswerError.
package pisano

//go:generate go tool -modfile=../../tools/openapi/go.mod oapi-codegen -config oapi-codegen.yaml ../../openapi.yaml
