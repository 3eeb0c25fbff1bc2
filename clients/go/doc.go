// Package pisano is a client of the HTTP API of Pisano, a service for Fibonacci
// numbers: any index, every digit.
//
//	api, err := pisano.New("http://localhost:8080/api")
//	seen, err := api.Submit(ctx, 1000)
//	value, err := api.Wait(ctx, seen.Index)
//
// Every operation of the API is also a method of API generated from the OpenAPI
// document. Its name ends in WithResponse; the method without that ending returns
// the plain HTTP response. Errors, streams and loops over pages are written by
// hand. An error of the server is a *ProblemError; an answer that is not from
// Pisano, such as a login page, is a *ForeignAnswerError.
package pisano

//go:generate go tool -modfile=../../tools/openapi/go.mod oapi-codegen -config oapi-codegen.yaml ../../openapi.yaml
