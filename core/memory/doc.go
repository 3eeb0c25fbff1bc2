// Package memory implements the ports of package core but the Calculator in the
// memory of one process: for tests, for examples, and for a program that needs
// no server. What it holds is lost when the process ends.
package memory
