// Package redis implements core.ValueCache, core.WorkQueue, core.WorkerRegistry
// and core.Events on Redis 7.0 or later, or on a compatible server such as Valkey
// and ElastiCache: a single server, one monitored by Sentinel, or a Cluster.
//
// Data are kept in partitions: one, or sixteen on a Cluster. The keys of a
// partition share a hash tag, and so a slot and a master, so that a script can
// change several of them atomically. An index always belongs to the same partition.
// The keys of a partition, with its tag in place of {pisano}:
//
//	key                  type    expires               holds
//	{pisano}:value:N     hash    after ValueTTL        F(N): summary, version, place, and digits in chunks 0, 1, …
//	{pisano}:draft:V     hash    after ten minutes     a long value that is being stored, until it is renamed
//	{pisano}:values      zset    never                 the list of values: places, in lexicographical order
//	{pisano}:generation  string  never                 the name of the generation of the partition
//	{pisano}:puts        hash    never                 numbers of values stored in that generation, in all and by process, and the server
//	{pisano}:queue       stream  never                 the tasks of LaneShort that wait or are claimed, with one consumer group
//	{pisano}:jobs        hash    never                 index → its entry in the stream
//	{pisano}:claims      hash    never                 index → token of its claim
//	{pisano}:progress    hash    never                 index → progress of its claim
//	{pisano}:backlog     hash    never                 sums of the costs of what is in the queue: all, and of:SUBMITTER
//	{pisano}:workers     zset    never                 workers, by the time until which they are announced
//	{pisano}:memory      hash    never                 worker → bytes that its calculations may take
//	{pisano}:speed       hash    never                 worker → its slots and their speed
//	{pisano}:store       string  after a minute        the IndexStore that the data belong to, see Attach
//
// The keys from queue to backlog exist once more for each other lane, with :long or
// :recovery at the end of their names. The keys workers, memory, speed and store
// exist in the first partition only. Values,
// drafts and store have a time to live, so that the policy volatile-lru evicts
// nothing else.
//
// There are two channels, {pisano}:events (sharded) and {pisano}:wake, which
// announces how many tasks there are to claim. All databases of a server share
// channels, so in database 8 they are {pisano}:8:events and {pisano}:8:wake.
// The reasons are in docs/decisions/0303-redis.md.
package redis

import (
	"context"
	"crypto/tls"
	"strings"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/pisano-dev/pisano/adapters/internal/batches"
	"github.com/pisano-dev/pisano/core"
)

// Options describes where Redis is and how it is used. All processes of one
// service must use the same Options.
type Options struct {
	// Addrs holds the host:port of the server, of some nodes of a Cluster, or of
	// the Sentinels if MasterName is set.
	Addrs []string
	// Cluster is set for a Redis Cluster. Several Addrs without a MasterName
	// imply it.
	Cluster bool
	// MasterName is the name by which the Sentinels know the server.
	MasterName string

	Username         string
	Password         string
	SentinelUsername string
	SentinelPassword string
	DB               int         // a Cluster has only 0
	TLS              *tls.Config // nil: no TLS

	// Prefix is the beginning of the name of every key, inside its hash tag. The
	// default is "pisano". An ACL must permit the keys and channels "{PREFIX*".
	Prefix string
	// ValueTTL is how long a value is kept at most. The default is 30 days.
	ValueTTL time.Duration
}

const (
	defaultPrefix   = "pisano"
	defaultValueTTL = 30 * 24 * time.Hour

	// A call to a server that does not answer fails after dialTimeout or
	// ioTimeout. It is retried once, on a Cluster twice.
	dialTimeout = 2 * time.Second
	ioTimeout   = 2 * time.Second
)

// Client holds the connections of one process to Redis. It makes the ports, and
// is closed when they are no longer used. A Client is safe for concurrent use.
type Client struct {
	rdb         goredis.UniversalClient
	prefix      string
	addrs       []string
	database    int
	partitions  []partition
	valueTTL    time.Duration
	generations *generations
	lookups     *batches.Group[*lookup]
	absences    absences // of partitions that can't be reached, as far as is known

	ctx    context.Context // of the goroutines that Close ends
	cancel context.CancelFunc
	all    sync.WaitGroup

	unchecked unchecked
	pruning   sync.Mutex // held while empty places are removed from the list of values
}

// Check returns an error of KindInvalid if the options can't be used, and nil
// otherwise. It does not connect.
func Check(o Options) error {
	switch o = o.complete(); {
	case len(o.Addrs) == 0:
		return core.NewError(core.KindInvalid, "No address of Redis is given.")
	case strings.ContainsAny(o.Prefix, "{}"):
		return core.NewError(core.KindInvalid, "The prefix of keys in Redis can't hold braces.")
	case o.ValueTTL < time.Millisecond:
		return core.NewError(core.KindInvalid, "The time that values live in Redis must be a millisecond or more.")
	case o.Cluster && (o.DB != 0 || o.MasterName != ""):
		return core.NewError(core.KindInvalid, "A Redis Cluster has one database, 0, and no Sentinels.")
	}
	return nil
}

// complete returns the options with the defaults filled in.
func (o Options) complete() Options {
	if o.Prefix == "" {
		o.Prefix = defaultPrefix
	}
	if o.ValueTTL == 0 {
		o.ValueTTL = defaultValueTTL
	}
	o.Cluster = o.Cluster || len(o.Addrs) > 1 && o.MasterName == ""
	return o
}

// New returns a Client. It does not connect: Ping reports whether Redis can be
// used. The error is that of Check.
func New(o Options) (*Client, error) {
	if err := Check(o); err != nil {
		return nil, err
	}
	o = o.complete()
	conns := newConnections(o.TLS)
	universal := o.universal()
	universal.Dialer = conns.Dial
	c := &Client{
		rdb:         goredis.NewUniversalClient(universal),
		generations: newGenerations(),
		lookups:     batches.New[*lookup](),
		prefix:      o.Prefix,
		addrs:       o.Addrs,
		database:    o.DB,
		partitions:  partitionsOf(o.Prefix, o.Cluster),
		valueTTL:    o.ValueTTL,
	}
	if !o.Cluster { // whose nodes say who has taken their place
		c.rdb.AddHook(refusalHook{conns})
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c, nil
}

func (o Options) universal() *goredis.UniversalOptions {
	u := &goredis.UniversalOptions{
		Addrs:            o.Addrs,
		IsClusterMode:    o.Cluster,
		MasterName:       o.MasterName,
		Username:         o.Username,
		Password:         o.Password,
		SentinelUsername: o.SentinelUsername,
		SentinelPassword: o.SentinelPassword,
		DB:               o.DB,
		TLSConfig:        o.TLS,

		DialTimeout:           dialTimeout,
		DialerRetries:         1,
		ReadTimeout:           ioTimeout,
		WriteTimeout:          ioTimeout,
		ContextTimeoutEnabled: true,
		PipelinePoolSize:      -1, // no second pool

		// Redis 7.0 knows neither.
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if o.Cluster {
		u.MaxRedirects = 2 // on a Cluster these are the retries
	} else {
		u.MaxRetries = 1
	}
	return u
}

// Close stops the goroutines of the Client and closes all connections. The Client
// and its ports must not be used after it.
func (c *Client) Close() error {
	c.cancel()
	c.all.Wait()
	return c.rdb.Close()
}
