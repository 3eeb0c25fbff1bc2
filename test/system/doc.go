// Package system checks the promises of the whole: the real programs, as
// processes, on real servers, while they are killed, emptied, restarted and cut
// off. It holds nothing but tests.
package system
