package simulation

import "github.com/pisano-dev/pisano/core"

// checkKnown checks that an index whose submission was acknowledged is known.
func (s *simulation) checkKnown(n core.Index, known bool, err error) {
	if known && core.IsNotFound(err) {
		s.violated(n, "submitted but not known: %v", err)
	}
}

// checkStatus checks that a status is consistent and its value right.
func (s *simulation) checkStatus(status core.Status) {
	if status.Summary != nil {
		s.checkSummary(*status.Summary)
	}
	if status.State == core.StateCalculated && status.Summary == nil {
		s.violated(status.Index, "shown as calculated without its value")
	}
	if status.State == core.StateFailed && status.Reason == "" {
		s.violated(status.Index, "shown as failed without a reason")
	}
}

func (s *simulation) checkSummary(summary core.Summary) {
	n := summary.Index
	if int(n.Abs()) >= len(truthText) || summary.Digits != truthText[n.Abs()] {
		s.violated(n, "the value %s was served", summary.Digits)
	}
}

// checkRecord checks that every acknowledged submission of n is counted, and no
// more than were tried.
func (s *simulation) checkRecord(n core.Index) {
	r := s.record(n)
	var a account
	s.oracle.with(n, func(now *account) { a = *now })
	if r.Submissions < a.acknowledged || r.Submissions > a.tried {
		s.violated(n, "%d submissions are recorded; %d were tried and %d acknowledged", r.Submissions, a.tried, a.acknowledged)
	}
}

// record reads the record of n, past all faults.
func (s *simulation) record(n core.Index) core.Record {
	records, _ := s.store.Lookup(s.ctx, n)
	return records[n]
}
