package redis

import (
	"testing"
	"time"
)

func TestSplit_GivesNoMoreThanThereIs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		remaining remaining
		next      []time.Duration // of each candidate
		shares    []remaining
	}{
		"equal parts":            {remaining{8, 0, false}, []time.Duration{0, 0, 0, 0}, []remaining{{2, 0, false}, {2, 0, false}, {2, 0, false}, {2, 0, false}}},
		"without a bound":        {remaining{2, -5, false}, []time.Duration{0, 0}, []remaining{{1, -5, false}, {1, 0, false}}},
		"fewer than candidates":  {remaining{2, 0, false}, []time.Duration{0, 0, 0}, []remaining{{1, 0, false}, {1, 0, false}}},
		"cost, too":              {remaining{6, 9, true}, []time.Duration{0, 0, 0}, []remaining{{2, 3, true}, {2, 3, true}, {2, 3, true}}},
		"as much as a task":      {remaining{6, 9, true}, []time.Duration{5, 4, 4}, []remaining{{2, 5, true}, {2, 4, true}}},
		"one that fits later":    {remaining{6, 9, true}, []time.Duration{1, 8, 1}, []remaining{{2, 3, true}, {2, 3, true}}},
		"all of it to the first": {remaining{6, 9, true}, []time.Duration{9, 0}, []remaining{{3, 9, true}, {3, 0, true}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var candidates []candidate
			for _, next := range test.next {
				candidates = append(candidates, candidate{next: next})
			}
			shares, rest := test.remaining.split(candidates)
			if len(shares) != len(test.shares) || len(shares)+len(rest) != len(candidates) {
				t.Fatalf("%+v and %+v of %+v", shares, rest, candidates)
			}
			for i, s := range shares {
				if s.remaining != test.shares[i] {
					t.Errorf("share %d is %+v, want %+v", i, s.remaining, test.shares[i])
				}
			}
		})
	}
}

func TestLuck_TheLuckyAreFirst(t *testing.T) {
	t.Parallel()
	var l luck
	if d := l.stagger(1); d != 0 {
		t.Errorf("one that never claimed in vain waits for %v", d)
	}
	var longest, longestOfMany time.Duration
	for range 1000 { // claims in vain
		one, again, many := l.stagger(1), l.stagger(1), l.stagger(100)
		if one != again {
			t.Fatalf("for two announcements before a claim it waits for %v and for %v: the second must not bring it forward", one, again)
		}
		longest, longestOfMany = max(longest, one), max(longestOfMany, many)
		l.note(0)
		l.note(0) // another slot of the process
	}
	if longest > maxStagger || longest < maxStagger/2 || longestOfMany > maxStagger/100 {
		t.Errorf("one that always claims in vain waits for %v at most, for %v if there are 100 tasks", longest, longestOfMany)
	}
	l.stagger(1)
	l.note(1)
	if d := l.stagger(1); d != 0 {
		t.Errorf("one that has just claimed something waits for %v", d)
	}
}
