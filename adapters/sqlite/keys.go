package sqlite

import (
	"github.com/pisano-dev/pisano/core"
)

// keyedCall notes the keys of a call of Record.
type keyedCall struct {
	tx   transaction
	at   int64 // microseconds since 1970
	uses map[[16]byte]keyUse
}

// keyUse is what the first use of a key in a call finds out.
type keyUse struct {
	digest [16]byte // of the first use within core.KeyAge
	counts bool     // that is in this call
}

// use notes the use of a key, and reports whether the submission counts, and
// whether it is refused.
func (c *keyedCall) use(key core.Key) (counts, refused bool, err error) {
	if key == (core.Key{}) {
		return true, false, nil
	}
	use, known := c.uses[key.ID]
	if !known {
		// Nothing changes for a key that is remembered.
		use.counts, err = c.tx.exec(`
			INSERT INTO submission_keys (key, digest, used_at) VALUES (?1, ?2, ?3)
			ON CONFLICT (key) DO UPDATE SET digest = excluded.digest, used_at = excluded.used_at WHERE used_at <= ?4`,
			key.ID[:], key.Digest[:], c.at, c.at-core.KeyAge.Microseconds())
		use.digest = key.Digest
		if err == nil && !use.counts {
			var digest []byte
			err = c.tx.row("SELECT digest FROM submission_keys WHERE key = ?", key.ID[:]).Scan(&digest)
			copy(use.digest[:], digest)
		}
		if err != nil {
			return false, false, err
		}
		if c.uses == nil {
			c.uses = make(map[[16]byte]keyUse)
		}
		c.uses[key.ID] = use
	}
	return use.counts, use.digest != key.Digest, nil
}

// forget deletes up to twice as many forgotten keys as the call had.
func (c *keyedCall) forget() error {
	if len(c.uses) == 0 {
		return nil
	}
	_, err := c.tx.exec("DELETE FROM submission_keys WHERE key IN (SELECT key FROM submission_keys WHERE used_at <= ? ORDER BY used_at LIMIT ?)",
		c.at-core.KeyAge.Microseconds(), 2*len(c.uses))
	return err
}
