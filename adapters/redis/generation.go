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

// vouchPatience is how long a process without knowledge of the values of a
// server that was started meanwhile waits for one that does. Workers look more
// often.
const vouchPatience = 6 * time.Second

// steadyPeriod is how often a process looks whose knowledge is up to date
// although it puts no values itself.
const steadyPeriod = 5 * time.Second

// lives is what a process knows of the lives of the partitions. A server that
// comes back with less than that has lost values: it was restored from an older
// snapshot, or took over before it had all.
type lives struct {
	process string // a name for this process, random

	mu  sync.Mutex
	all map[partition]life
}

type life struct {
	name string
	own  int // values that this process put
	all  int // values that were put, as far as it saw

	settled bool      // its values were vouched for at some look
	looked  time.Time // last
	steady  bool      // the look before that was not long ago
	doubted time.Time // since when no process vouches, or zero
}

func newLives() *lives {
	return &lives{process: rand.Text(), all: make(map[partition]life)}
}

// arguments are those of the script for a partition.
func (l *lives) arguments(p partition) []any {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.all[p]
	vouches := known.settled && (known.own > 0 || known.steady)
	impatient := !known.doubted.IsZero() && time.Since(known.doubted) >= vouchPatience
	return []any{rand.Text(), l.process, known.name, known.own, known.all, vouches, impatient}
}

// look notes what the script returned.
func (l *lives) look(p partition, name string, all int, settled bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.of(p, name)
	known.all = max(known.all, all)
	if settled {
		known.settled, known.doubted = true, time.Time{}
		known.steady = time.Since(known.looked) <= steadyPeriod
		known.looked = time.Now()
	} else if known.doubted.IsZero() {
		known.doubted = time.Now()
	}
	l.all[p] = known
}

// put notes that this process put a value in a life, as the all-th.
func (l *lives) put(p partition, name string, all int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.of(p, name)
	known.own++
	known.all = max(known.all, all)
	l.all[p] = known
}

// of returns what is known of the life of that name; l.mu is held.
func (l *lives) of(p partition, name string) life {
	if known := l.all[p]; known.name == name {
		return known
	}
	return life{name: name}
}

// errLife says that a script returned something else than it does.
var errLife = errors.New("the key of a generation has an invalid value")

// Generation implements core.ValueCache. Each partition has a name of its own,
// a random one that the first to miss it gives; it goes where the values of
// the partition go, and is replaced when some of them were lost at once.
// Together they are the name of the whole, so that one master of a Cluster
// that comes back empty is noticed too.
func (c ValueCache) Generation(ctx context.Context) (string, error) {
	replies, err := c.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for _, p := range c.client.partitions {
			generationScript.Eval(ctx, pipe, []string{p.generation(), p.puts()}, c.client.lives.arguments(p)...)
		}
		return nil
	})
	if err != nil {
		return "", wrap(err)
	}
	var names strings.Builder
	for i, reply := range replies {
		name, err := c.seeLife(c.client.partitions[i], reply.(*goredis.Cmd))
		if err != nil {
			return "", wrap(err)
		}
		names.WriteString(name)
	}
	sum := sha256.Sum256([]byte(names.String()))
	return hex.EncodeToString(sum[:16]), nil
}

func (c ValueCache) seeLife(p partition, reply *goredis.Cmd) (name string, err error) {
	fields, err := reply.Slice()
	if err != nil {
		return "", err
	}
	if len(fields) != 3 {
		return "", errLife
	}
	name, _ = fields[0].(string)
	text, _ := fields[1].(string)
	all, err := strconv.Atoi(text)
	if err != nil || name == "" {
		return "", errLife
	}
	c.client.lives.look(p, name, all, fields[2] == int64(1))
	return name, nil
}
