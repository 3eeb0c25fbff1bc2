// Package memory implements every port of package core in the memory of one
// process: for tests, for examples, and for a program that needs no server.
// What it holds is lost when the process ends.
package memory
