package core

import "testing"

func TestRestorations_AreBounded(t *testing.T) {
	t.Parallel()
	var rs restorations
	const indices = 20 * maxRestorations
	for n := range Index(indices) {
		rs.note(Record{Index: n, Revision: 1})
		if held := len(rs.current) + len(rs.older); held > 2*maxRestorations {
			t.Fatalf("%d restores are remembered", held)
		}
	}
	for n := Index(indices - maxRestorations); n < indices; n++ {
		if restored, _ := rs.check(Record{Index: n, Revision: 1}); !restored {
			t.Fatalf("the restore of %d, one of the latest, is forgotten", n)
		}
	}
}
