package redis

import (
	"sync"
	"time"
)

// schedule spaces out what this process does in each lane of each partition. The zero value
// has nothing done yet.
type schedule struct {
	mu   sync.Mutex
	last map[lane]time.Time
}

// isDue reports whether it was not done in the lane within the period, and
// notes that it is.
func (s *schedule) isDue(l lane, period time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if last, done := s.last[l]; done && now.Sub(last) < period {
		return false
	}
	if s.last == nil {
		s.last = make(map[lane]time.Time)
	}
	s.last[l] = now
	return true
}
