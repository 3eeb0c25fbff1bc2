package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// ValueCache implements core.ValueCache. A value is one hash, so that it is
// replaced, expires and is evicted as a whole. It expires ValueTTL after it was
// put; reading does not prolong that.
type ValueCache struct{ client *Client }

var _ core.ValueCache = ValueCache{}

// ValueCache returns the cache in c.
func (c *Client) ValueCache() ValueCache { return ValueCache{c} }

const (
	// partChunks is how many chunks are moved at a time: a little less than
	// 1 MiB with what goes along.
	partChunks = 15
	// chunkSize is the size of a full chunk in bytes.
	chunkSize = 8 * decimal.ChunkWords
	// draftTTL is how long a value may take to be put, from one part to the next.
	draftTTL = 10 * time.Minute
)

// The fields of a value that are not chunks.
const (
	versionField = "version" // tells it from others of the same index
	placeField   = "place"   // in the list, see placeOf
	summaryField = "summary"
	otherFields  = 3 // how many these are
)

// Ping implements core.ValueCache.
func (c ValueCache) Ping(ctx context.Context) error { return c.client.Ping(ctx) }

// Put implements core.ValueCache. The parts of a long value are gathered in a
// draft that no reader knows of, and its last part takes it to its place. Of a
// writer that dies before that only the draft is left, which expires. As many
// last parts as fit into a transfer go together.
func (c ValueCache) Put(ctx context.Context, values ...core.Value) error {
	var pending []commit
	size := 0
	for _, v := range values {
		next, err := c.draft(ctx, v)
		if err != nil {
			return err
		}
		if size += next.size; size > partChunks*chunkSize && len(pending) > 0 {
			if err := c.commit(ctx, pending); err != nil {
				return err
			}
			pending, size = nil, next.size
		}
		pending = append(pending, next)
	}
	return c.commit(ctx, pending)
}

// commit is what takes a value to its place.
type commit struct {
	partition partition
	keys      []string
	args      []any
	size      int // in bytes, roughly
}

// commitOverhead is more than a commit has beside chunks and a summary, in bytes.
const commitOverhead = 512

// draft moves all parts of a value but the last into its draft.
func (c ValueCache) draft(ctx context.Context, v core.Value) (commit, error) {
	summary, err := v.Summary().AppendBinary(nil)
	if err != nil {
		return commit{}, err
	}
	p, version, chunks := c.client.partitionOf(v.Index), rand.Text(), v.Magnitude.ChunkCount()
	draft := p.draft(version)
	part, size := []any{summaryField, summary}, commitOverhead+len(summary)
	for k := range chunks {
		chunk := v.Magnitude.AppendChunk(nil, uint64(v.Index), k)
		part, size = append(part, strconv.Itoa(k), chunk), size+len(chunk)
		if (k+1)%partChunks != 0 || k+1 == chunks {
			continue
		}
		if err := c.addToDraft(ctx, draft, part); err != nil {
			return commit{}, err
		}
		part, size = nil, commitOverhead
	}
	place := placeOf(core.Position{CalculatedAt: v.CalculatedAt, Index: v.Index})
	return commit{
		partition: p,
		keys:      []string{p.value(v.Index), draft, p.values(), p.generation(), p.puts()},
		args:      append([]any{version, place, chunks + otherFields, c.client.valueTTL.Milliseconds(), c.client.generations.process}, part...),
		size:      size,
	}, nil
}

// commit takes values to their places, and returns the first error.
func (c ValueCache) commit(ctx context.Context, commits []commit) error {
	replies := make([]*goredis.Cmd, len(commits))
	if len(commits) > 1 {
		// The error of the pipeline is that of one of its commands.
		_, _ = c.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
			for i, next := range commits {
				replies[i] = commitScript.EvalSha(ctx, pipe, next.keys, next.args...)
			}
			return nil
		})
	}
	var first error
	places := make(map[partition][]string)
	for i, next := range commits {
		reply := replies[i]
		if reply == nil || goredis.HasErrorPrefix(reply.Err(), "NOSCRIPT") {
			reply = commitScript.Run(ctx, c.client.rdb, next.keys, next.args...)
		}
		found, err := c.committed(next.partition, reply)
		if first == nil {
			first = err
		}
		places[next.partition] = append(places[next.partition], found...)
	}
	if first != nil {
		return first
	}
	// Each value that is added has two others checked, so that at most about half
	// of the places in the list are those of values that are gone.
	for p, found := range places {
		if err := c.prune(ctx, p, found); err != nil {
			return err
		}
	}
	return nil
}

// committed reads the reply to a commit, and returns places to check.
func (c ValueCache) committed(p partition, reply *goredis.Cmd) (places []string, err error) {
	fields, err := reply.StringSlice()
	if errors.Is(err, goredis.Nil) {
		return nil, core.WrapError(core.KindOverloaded, noRoom, errors.New("the value was evicted, or Redis flushed, while it was being stored"))
	}
	if err != nil {
		return nil, wrap(err)
	}
	if len(fields) < 2 {
		return nil, wrap(errGeneration)
	}
	all, err := strconv.Atoi(fields[1])
	if err != nil {
		return nil, wrap(errGeneration)
	}
	c.client.generations.put(p, fields[0], all)
	return fields[2:], nil
}

// addToDraft stores a part of a value that is being put. What a transaction is
// refused for is said of its commands, not of the whole.
func (c ValueCache) addToDraft(ctx context.Context, draft string, part []any) error {
	var added *goredis.IntCmd
	_, err := c.client.rdb.TxPipelined(ctx, func(tx goredis.Pipeliner) error {
		added = tx.HSet(ctx, draft, part...)
		tx.PExpire(ctx, draft, draftTTL)
		return nil
	})
	if err != nil && added.Err() != nil {
		err = added.Err()
	}
	return wrap(err)
}

// Summaries implements core.ValueCache.
func (c ValueCache) Summaries(ctx context.Context, indices ...core.Index) (map[core.Index]core.Summary, error) {
	heads, err := c.heads(ctx, indices)
	if err != nil {
		return nil, err
	}
	summaries := make(map[core.Index]core.Summary, len(heads))
	for i, h := range heads {
		if s, sound := h.decode(indices[i]); sound {
			summaries[s.Index] = s
		} else if err := c.drop(ctx, indices[i], h); err != nil {
			return nil, err
		}
	}
	return summaries, nil
}

// head is a value without its digits, as stored.
type head struct {
	there                   bool
	version, place, summary string
}

// decode returns the summary, if it is that of n and undamaged.
func (h head) decode(n core.Index) (core.Summary, bool) {
	var s core.Summary
	err := s.UnmarshalBinary([]byte(h.summary))
	return s, h.there && err == nil && s.Index == n
}

// headsAtOnce is how many heads are read at a time: well below 1 MiB.
const headsAtOnce = 500

// heads reads the heads of the values of the indices, in their order.
func (c ValueCache) heads(ctx context.Context, indices []core.Index) ([]head, error) {
	heads := make([]head, 0, len(indices))
	for begin := 0; begin < len(indices); begin += headsAtOnce {
		replies, err := c.client.rdb.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
			for _, n := range indices[begin:min(begin+headsAtOnce, len(indices))] {
				pipe.HMGet(ctx, c.client.partitionOf(n).value(n), versionField, placeField, summaryField)
			}
			return nil
		})
		if err != nil {
			return nil, wrap(err)
		}
		for _, reply := range replies {
			var h head
			fields := reply.(*goredis.SliceCmd).Val()
			for i, field := range []*string{&h.version, &h.place, &h.summary} {
				text, there := fields[i].(string)
				*field = text
				h.there = h.there || there
			}
			heads = append(heads, h)
		}
	}
	return heads, nil
}

// drop removes a value whose head or digits are damaged, unless it was replaced
// since.
func (c ValueCache) drop(ctx context.Context, n core.Index, h head) error {
	if !h.there {
		return nil
	}
	p := c.client.partitionOf(n)
	return run(dropScript.Run(ctx, c.client.rdb, []string{p.value(n), p.values()}, h.version))
}

// errReplaced says that another value was put while one was read.
var errReplaced = errors.New("the value was replaced")

// Digits implements core.ValueCache.
func (c ValueCache) Digits(ctx context.Context, n core.Index, first, count int64) ([]byte, error) {
	for {
		digits, err := c.digits(ctx, n, first, count)
		if !errors.Is(err, errReplaced) {
			return digits, err
		}
	}
}

func (c ValueCache) digits(ctx context.Context, n core.Index, first, count int64) ([]byte, error) {
	heads, err := c.heads(ctx, []core.Index{n})
	if err != nil {
		return nil, err
	}
	h := heads[0]
	s, sound := h.decode(n)
	if !sound {
		if err := c.drop(ctx, n, h); err != nil {
			return nil, err
		}
		return nil, notFound()
	}
	if first < 0 || count < 0 || first > s.DigitCount-count {
		return nil, core.NewError(core.KindInvalid, fmt.Sprintf("F(%d) has %d digits.", n, s.DigitCount))
	}
	magnitude := decimal.Chunked{Tag: uint64(n), Digits: s.DigitCount}
	r := chunkReader{rdb: c.client.rdb, key: c.client.partitionOf(n).value(n), version: h.version, last: magnitude.ChunkOf(first + count - 1)}
	magnitude.Fetch = func(k int) ([]byte, error) { return r.chunk(ctx, k) }
	digits, err := magnitude.AppendDigits(make([]byte, 0, count), first, count)
	if errors.Is(err, decimal.ErrCorrupt) {
		if err := c.drop(ctx, n, h); err != nil {
			return nil, err
		}
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	return digits, nil
}

// chunkReader reads the chunks of one version of a value, up to the last that
// is wanted, some ahead of their use.
type chunkReader struct {
	rdb     goredis.UniversalClient
	key     string
	version string
	last    int

	first  int // number of the first of the chunks that were read
	chunks []any
}

// chunk returns chunk k; decimal.ErrCorrupt if it alone is missing.
func (r *chunkReader) chunk(ctx context.Context, k int) ([]byte, error) {
	if k < r.first || k >= r.first+len(r.chunks) {
		if err := r.read(ctx, k); err != nil {
			return nil, err
		}
	}
	chunk, there := r.chunks[k-r.first].(string)
	if !there {
		return nil, decimal.ErrCorrupt
	}
	return []byte(chunk), nil
}

// read reads chunks from k on, all as of one moment.
func (r *chunkReader) read(ctx context.Context, k int) error {
	fields := []string{versionField}
	for i := k; i <= r.last && i < k+partChunks; i++ {
		fields = append(fields, strconv.Itoa(i))
	}
	found, err := r.rdb.HMGet(ctx, r.key, fields...).Result()
	if err != nil {
		return wrap(err)
	}
	switch found[0] {
	case nil:
		return notFound()
	case r.version:
		r.first, r.chunks = k, found[1:]
		return nil
	default:
		return errReplaced
	}
}

// run returns the error of a script that has nothing else to say.
func run(cmd *goredis.Cmd) error {
	if err := cmd.Err(); !errors.Is(err, goredis.Nil) {
		return wrap(err)
	}
	return nil
}
