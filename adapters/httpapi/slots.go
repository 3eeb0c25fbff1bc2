package httpapi

import "sync"

// DefaultMaxStreams is the default of Options.MaxStreams. A stream takes about
// 27 KiB of memory, a waiting request as much.
const DefaultMaxStreams = 4000

// slots bounds how many requests are held open at a time. A submitter can hold
// at most as many as it leaves free for others, which is half if it is the only
// one.
type slots struct {
	limit int

	mu    sync.Mutex
	taken int
	by    map[string]int // only submitters that hold some
}

func newSlots(limit int) *slots { return &slots{limit: limit, by: make(map[string]int)} }

// take takes a slot for a submitter and reports whether there was one for it. If
// so, the caller must free it.
func (s *slots) take(submitter string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by[submitter] >= s.limit-s.taken {
		return false
	}
	s.by[submitter]++
	s.taken++
	return true
}

func (s *slots) free(submitter string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken--
	if s.by[submitter]--; s.by[submitter] == 0 {
		delete(s.by, submitter)
	}
}

// count returns how many slots are taken.
func (s *slots) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken
}
