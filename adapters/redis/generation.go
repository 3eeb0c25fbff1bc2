package redis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// vouchTimeout is how long a generation may stay unvouched for after its server
// was restarted or replaced. A process that knows what was stored before, such as
// a worker, reads the generation more often and vouches in time.
const vouchTimeout = 6 * time.Second

// currentPeriod is how often a process that puts no values must read the
// generation for its knowledge to count as up to date.
const currentPeriod = 5 * time.Second

// generations is what a process knows of the generations of the partitions. A
// server with fewer values than that has lost some: it was restored from an older
// snapshot, or was promoted before it had replicated all.
type generations struct {
	process string // a name for this process, random

	mu  sync.Mutex
	all map[partition]generation
}

type generation struct {
	name string
	own  int // values that this process put
	all  int // values that were put, as far as it saw

	settled        bool      // its values were once vouched for
	observedAt     time.Time // when that was last so
	current        bool      // the time before was within currentPeriod of it
	unvouchedSince time.Time // since when no process vouches, or zero
}

func newGenerations() *generations {
	return &generations{process: rand.Text(), all: make(map[partition]generation)}
}

// arguments returns the arguments of generation.lua for a partition.
func (g *generations) arguments(p partition) []any {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.all[p]
	vouches := known.settled && (known.own > 0 || known.current)
	timedOut := !known.unvouchedSince.IsZero() && time.Since(known.unvouchedSince) >= vouchTimeout
	return []any{rand.Text(), g.process, known.name, known.own, known.all, vouches, timedOut}
}

// observed notes the name and the number of values that the script returned, and
// whether they are vouched for.
func (g *generations) observed(p partition, name string, all int, settled bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.of(p, name)
	known.all = max(known.all, all)
	if settled {
		known.settled, known.unvouchedSince = true, time.Time{}
		known.current = time.Since(known.observedAt) <= currentPeriod
		known.observedAt = time.Now()
	} else if known.unvouchedSince.IsZero() {
		known.unvouchedSince = time.Now()
	}
	g.all[p] = known
}

// put notes that this process put some values in a generation, after which there
// were so many in all.
func (g *generations) put(p partition, name string, values, all int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.of(p, name)
	known.own += values
	known.all = max(known.all, all)
	g.all[p] = known
}

// of returns what is known of the generation of that name; g.mu is held.
func (g *generations) of(p partition, name string) generation {
	if known := g.all[p]; known.name == name {
		return known
	}
	return generation{name: name}
}

// known returns the name of the generation that was last observed, "" if its
// values were never vouched for.
func (g *generations) known(p partition) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if known := g.all[p]; known.settled {
		return known.name
	}
	return ""
}

// errGeneration is the error for a reply that the scripts never make.
var errGeneration = errors.New("the key of a generation has an invalid value")

// Generation implements core.ValueCache. Each partition has a random name, set by
// the first process that finds none. It is stored in the slot of the partition's
// values, so that it is lost with them, and replaced when some were lost at once.
// The generation is a hash of all names, and changes also if one master of a
// Cluster comes back empty. For a partition that can't be reached it has the name
// that this process knows: as long as none of its values can be read or stored,
// nothing can be taken for stored there.
func (c ValueCache) Generation(ctx context.Context) (string, error) {
	partitions := c.client.reachable()
	calls := make([]call, len(partitions))
	for i, p := range partitions {
		calls[i] = call{generationScript, []string{p.generation(), p.puts()}, c.client.generations.arguments(p)}
	}
	found := make(map[partition]string)
	err := errAway
	for i, reply := range c.client.runAll(ctx, calls...) {
		name, fault := c.observe(partitions[i], reply)
		if fault == nil {
			found[partitions[i]] = name
		} else if err = wrap(fault); !c.client.leaveOut(ctx, partitions[i], err) {
			return "", err
		}
	}
	if len(found) == 0 {
		return "", err
	}
	var names strings.Builder
	for _, p := range c.client.partitions {
		name, reached := found[p]
		if !reached {
			if name = c.client.generations.known(p); name == "" {
				return "", err
			}
		}
		names.WriteString(name)
	}
	sum := sha256.Sum256([]byte(names.String()))
	return hex.EncodeToString(sum[:16]), nil
}

func (c ValueCache) observe(p partition, reply *goredis.Cmd) (name string, err error) {
	fields, err := reply.Slice()
	if err != nil {
		return "", err
	}
	if len(fields) != 3 {
		return "", errGeneration
	}
	name, _ = fields[0].(string)
	text, _ := fields[1].(string)
	all, err := strconv.Atoi(text)
	if err != nil || name == "" {
		return "", errGeneration
	}
	c.client.generations.observed(p, name, all, fields[2] == int64(1))
	return name, nil
}
