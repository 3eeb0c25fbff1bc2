package redis

import (
	"cmp"
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
// draft that no reader knows of, and its last part takes it to its place. A Put
// that fails removes its drafts, and of a writer that dies the draft expires. Short
// values have no draft. As many of them, and of last parts, as fit into a transfer go
// together.
func (c ValueCache) Put(ctx context.Context, values ...core.Value) (err error) {
	var drafts []string
	defer func() {
		if err != nil {
			c.removeDrafts(ctx, drafts)
		}
	}()
	var pending []commit
	size := 0
	for _, v := range latest(values) {
		version := rand.Text()
		if v.Magnitude.ChunkCount() > partChunks {
			if err := c.askForRoom(ctx, v); err != nil {
				return err
			}
			drafts = append(drafts, c.client.partitionOf(v.Index).draft(version))
		}
		next, err := c.draft(ctx, v, version)
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

// latest returns the last of the values of each index.
func latest(values []core.Value) []core.Value {
	last := make(map[core.Index]int, len(values))
	for i, v := range values {
		last[v.Index] = i
	}
	var all []core.Value
	for i, v := range values {
		if last[v.Index] == i {
			all = append(all, v)
		}
	}
	return all
}

// commit is what takes a value to its place.
type commit struct {
	partition partition
	keys      []string // the value, and its draft or the value once more
	args      []any
	size      int // in bytes, roughly
}

// commitOverhead is more than a commit has beside chunks and a summary, in bytes,
// with the places that are checked along with it.
const commitOverhead = 512

// draft moves all parts of a value but the last into its draft, which is that of
// the version. A value of one part has none.
func (c ValueCache) draft(ctx context.Context, v core.Value, version string) (commit, error) {
	summary, err := v.Summary().AppendBinary(nil)
	if err != nil {
		return commit{}, err
	}
	p, chunks := c.client.partitionOf(v.Index), v.Magnitude.ChunkCount()
	draft := p.value(v.Index)
	part, size := []any{summaryField, summary}, commitOverhead+len(summary)
	for k := range chunks {
		chunk := v.Magnitude.AppendChunk(nil, uint64(v.Index), k)
		part, size = append(part, strconv.Itoa(k), chunk), size+len(chunk)
		if (k+1)%partChunks != 0 || k+1 == chunks {
			continue
		}
		draft = p.draft(version)
		if err := c.addToDraft(ctx, draft, part); err != nil {
			return commit{}, err
		}
		part, size = nil, commitOverhead
	}
	place := placeOf(core.Position{CalculatedAt: v.CalculatedAt, Index: v.Index})
	return commit{
		partition: p,
		keys:      []string{p.value(v.Index), draft},
		args:      append([]any{version, place, chunks + otherFields, len(part)}, part...),
		size:      size,
	}, nil
}

// commit takes values to their places, and returns the first error. Each value that
// is added has two places of the list checked the next time, so that at most about
// half of them are those of values that are gone.
func (c ValueCache) commit(ctx context.Context, commits []commit) error {
	if len(commits) == 0 {
		return nil
	}
	var partitions []partition
	var calls, prunings []call
	groups := grouped(commits, func(next commit) partition { return next.partition })
	for p, group := range groups {
		keys := []string{p.values(), p.generation(), p.puts()}
		args := []any{c.client.valueTTL.Milliseconds(), c.client.generations.process}
		for _, next := range group {
			keys, args = append(keys, next.keys...), append(args, next.args...)
		}
		partitions, calls = append(partitions, p), append(calls, call{commitScript, keys, args})
		prunings = append(prunings, pruneCalls(p, c.client.unchecked.take(p, checks*len(group)))...)
	}
	replies := c.client.runAll(ctx, append(calls, prunings...)...)
	var first error
	for i, p := range partitions {
		places, err := c.committed(p, len(groups[p]), replies[i])
		first = cmp.Or(first, err)
		c.client.unchecked.add(p, places)
	}
	return first
}

// committed reads the reply to a commit of some values, and returns places to check.
func (c ValueCache) committed(p partition, values int, reply *goredis.Cmd) (places []string, err error) {
	fields, err := reply.StringSlice()
	if errors.Is(err, goredis.Nil) {
		return nil, core.WrapError(core.KindOverloaded, outOfMemory, errors.New("the value was evicted, or Redis flushed, while it was being stored"))
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
	c.client.generations.put(p, fields[0], values, all)
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
		s, err := h.decode(indices[i])
		switch {
		case err == nil:
			summaries[s.Index] = s
		case errors.Is(err, core.ErrCorruptSummary):
			if err := c.drop(ctx, indices[i], h); err != nil {
				return nil, err
			}
		}
	}
	return summaries, nil
}

// head is a value without its digits, as stored.
type head struct {
	there                   bool
	version, place, summary string
}

// errNoValue says that there is no value.
var errNoValue = errors.New("there is no value")

// decode returns the summary: errNoValue if there is none, ErrCorruptSummary if it
// is damaged or that of another index, ErrSummaryVersion if another version of the
// program has stored it.
func (h head) decode(n core.Index) (core.Summary, error) {
	if !h.there {
		return core.Summary{}, errNoValue
	}
	var s core.Summary
	err := s.UnmarshalBinary([]byte(h.summary))
	if err == nil && s.Index != n {
		err = core.ErrCorruptSummary
	}
	return s, err
}

// drop removes a value whose head or digits are damaged, unless it was replaced
// since.
func (c ValueCache) drop(ctx context.Context, n core.Index, h head) error {
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
	s, err := h.decode(n)
	if errors.Is(err, core.ErrCorruptSummary) {
		if err := c.drop(ctx, n, h); err != nil {
			return nil, err
		}
	}
	if err != nil {
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
