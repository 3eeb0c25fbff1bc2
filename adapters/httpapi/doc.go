// Package httpapi serves core.Service over HTTP, described by an OpenAPI 3.1
// document that is made from the same declarations. Every error is an RFC 9457
// problem.
package httpapi
