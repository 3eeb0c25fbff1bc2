package system

import (
	"errors"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit"
)

func TestLog_OfThousandsOfIndicesIsShort(t *testing.T) {
	t.Parallel()
	p, c := startEmbedded(t, t.TempDir()+"/pisano.db")
	var indices []core.Index
	for n := range core.Index(2000) {
		indices = append(indices, n)
	}
	c.MustSubmit(indices...)
	c.AwaitAll(len(indices))
	n := core.Index(len(indices))
	testkit.Eventually(t, "a line that says how many were left out", func() error {
		c.MustSubmit(n)
		c.Await(n)
		n++
		for _, line := range p.Log() {
			if strings.Contains(line, `"msg":"calculated"`) && strings.Contains(line, `"leftOut":`) {
				return nil
			}
		}
		return errors.New("no line says so")
	})
	if count := p.Calculations(); count != int(n) {
		t.Errorf("%d calculations are counted, of %d", count, n)
	}
}
