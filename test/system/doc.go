// Package system checks the promises of the whole: the real programs, as processes, on real servers, which are killed, emptied,
// restarted and disconnected. It holds nothing but tests.
package system
