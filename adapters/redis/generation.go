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

// vouchTimeout is how long a process without knowledge of the values of a
// server that was started meanwhile waits for one that does. Workers look more
// often.
const vouchTimeout = 6 * time.Second

// currentPeriod is how often a process looks whose knowledge is up to date
// although it puts no values itself.
const currentPeriod = 5 * time.Second

// lives is what a process knows of the lives of the partitions. A server that
// comes back with less than that has lost values: it was restored from an older
// snapshot, or took over before it had all.
type generations struct {
	process string // a name for this process, random

	mu  sync.Mutex
	all map[partition]generation
}

type generation struct {
	name string
	own  int // values that this process put
	all  int // values that were put, as far as it saw

	settled        bool      // its values were vouched for at some look
	observedAt     time.Time // last
	current        bool      // the look before that was not long ago
	unvouchedSince time.Time // since when no process vouches, or zero
}

func newGenerations() *generations {
	return &generations{process: rand.Text(), all: make(map[partition]generation)}
}

// arguments are those of the script for a partition.
func (g *generations) arguments(p partition) []any {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.all[p]
	vouches := known.settled && (known.own > 0 || known.current)
	timedOut := !known.unvouchedSince.IsZero() && time.Since(known.unvouchedSince) >= vouchTimeout
	return []any{rand.Text(), g.process, known.name, known.own, known.all, vouches, timedOut}
}

// look notes what the script returned.
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

// put notes that this process put a value in a life, as the all-th.
func (g *generations) put(p partition, name string, all int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := g.of(p, name)
	known.own++
	known.all = max(known.all, all)
	g.all[p] = known
}

// of returns what is known of the life of that name; g.mu is held.
func (g *generations) of(p partition, name string) generation {
	if known := g.all[p]; known.name == name {
		return known
	}
	return generation{name: name}
}

// errGeneration says that a script returned something else than it does.
var errGeneration = errors.New("the key of a generation has an invalid value")

// Generation implements core.ValueCache. Each partition has a name of its own,
// a random one that the first to miss it gives; it goes where the values of
// the partition go, and is replaced when some of them were lost at once.
// Together they are the name of the whole, so that one master of a Cluster
// that comes back empty is noticed too.
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
