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

// put notes that this process put a value in a generation, which was its all-th.
func (g *generations) put(p partition, name string, all int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.of(p, name)
	known.own++
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

// errGeneration is the error for a reply that the scripts never make.
var errGeneration = errors.New("the key of a generation has an invalid value")

// Generation implements core.ValueCache. Each partition has a random name, set by
// the first process that finds none. It is stored in the slot of the partition's
// values, so that it is lost with them, and replaced when some were lost at once.
// The generation is a hash of all names, and changes also if one master of a
// Cluster comes back empty.
func (c ValueCache) Generation(ctx context.Context) (string, error) {
	replies, err := c.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range c.client.partitions {
			generationScript.Eval(ctx, pipe, []string{p.generation(), p.puts()}, c.client.generations.arguments(p)...)
		}
		return nil
	})
	if err != nil {
		return "", wrap(err)
	}
	var names strings.Builder
	for i, reply := range replies {
		name, err := c.observe(c.client.partitions[i], reply.(*goredis.Cmd))
		if err != nil {
			return "", wrap(err)
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
