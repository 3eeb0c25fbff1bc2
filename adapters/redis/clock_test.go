package redis_test

import (
	"encoding/binary"
	"hash/crc64"
	"strconv"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/pisano-dev/pisano/adapters/redis"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/internal/testkit/servers"
)

// The clock of a server that others share can't be set. What a clock that is set
// back leaves behind are times in the future: these tests write them.

// setBack makes the claims of a partition look as they do after the clock of
// the server was set back: it changes the times of delivery in a dump of the
// stream, which, other than XCLAIM, RESTORE takes as they are.
func setBack(t testing.TB, c *redis.Client, queueKey string, by time.Duration) {
	t.Helper()
	pending, err := c.Redis().XPendingExt(t.Context(), &goredis.XPendingExtArgs{
		Stream: queueKey, Group: "workers", Start: "-", End: "+", Count: 1000,
	}).Result()
	must(t, err)
	text, err := c.Redis().Dump(t.Context(), queueKey).Result()
	must(t, err)
	dump := []byte(text)
	changed, claimed := 0, 0
	for _, p := range pending {
		if p.Idle > time.Hour {
			continue // it was released
		}
		claimed++
		id := streamID(t, p.ID)
		for i := 0; i+24 <= len(dump); i++ {
			if string(dump[i:i+16]) != id {
				continue
			}
			// A time follows the number of an entry where its delivery is stored.
			at := time.UnixMilli(int64(binary.LittleEndian.Uint64(dump[i+16:]))) //nolint:gosec // any eight bytes
			if time.Since(at).Abs() < time.Hour {
				binary.LittleEndian.PutUint64(dump[i+16:], uint64(at.Add(by).UnixMilli())) //nolint:gosec // after 1970
				changed++
			}
		}
	}
	if changed != claimed {
		t.Fatalf("the times of %d claims of %d were found", changed, claimed)
	}
	// The checksum is CRC-64/Jones, of all that comes before it.
	end := len(dump) - 8
	sum := ^crc64.Update(^uint64(0), crc64.MakeTable(0x95ac9329ac4bc9b5), dump[:end])
	binary.LittleEndian.PutUint64(dump[end:], sum)
	must(t, c.Redis().RestoreReplace(t.Context(), queueKey, 0, string(dump)).Err())
}

// streamID returns the number of an entry as a stream stores it.
func streamID(t testing.TB, text string) string {
	t.Helper()
	ms, sequence, _ := strings.Cut(text, "-")
	var id []byte
	for _, part := range []string{ms, sequence} {
		n, err := strconv.ParseUint(part, 10, 64)
		must(t, err)
		id = binary.BigEndian.AppendUint64(id, n)
	}
	return string(id)
}

func TestClaim_OneFromBeforeTheClockWasSetBackExpires(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{time.Hour, 100 * 365 * 24 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			o := options(servers.Redis(t))
			c := open(t, o)
			const lease = 5 * time.Second // longer than what follows takes on a busy machine
			queue, other := c.WorkQueue(lease), open(t, o).WorkQueue(lease)
			_, err := queue.Enqueue(t.Context(), "somebody", tasks(1, 2, 3)...)
			must(t, err)
			dead, alive := claimOne(t, queue), claimOne(t, queue)
			must(t, queue.Release(t.Context(), claimOne(t, queue)))
			setBack(t, c, c.QueueKeys(1)[0], by)
			// What was released can still be claimed, and is claimed from long ago.
			if free := claimOne(t, other); free.Index != 3 || free.Delivery != 1 {
				t.Fatalf("claimed %+v, want the task that was released", free)
			} else {
				must(t, other.Acknowledge(t.Context(), free))
			}
			// The lease starts when the queue is looked into, and no sooner.
			jobs, err := other.Jobs(t.Context(), 1)
			must(t, err)
			if !jobs[1].Claimed {
				t.Errorf("the job is %+v as soon as the clock was set back", jobs[1])
			}
			for {
				ready := other.Ready()
				renew(t, queue, alive)
				claims, err := other.Claim(t.Context(), core.ClaimLimit{Count: 10})
				must(t, err)
				if len(claims) == 0 {
					select {
					case <-ready:
					case <-time.After(servers.HangTimeout):
						t.Fatal("Ready does not tell")
					}
					continue
				}
				if len(claims) != 1 || claims[0].Index != dead.Index || claims[0].Delivery != 2 {
					t.Errorf("claimed %+v, want the second delivery of %d", claims, dead.Index)
				}
				break
			}
			renew(t, queue, alive)
		})
	}
}

func TestWorkerRegistry_TheDeadDoNotComeToLifeWhenTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	c := open(t, options(servers.Redis(t)))
	registry := c.WorkerRegistry()
	key := "{" + c.Tags()[0] + "}:workers"
	ahead := float64(time.Now().Add(time.Hour).UnixMicro())
	must(t, c.Redis().ZAdd(t.Context(), key, goredis.Z{Score: ahead, Member: "dead"}).Err())
	list := func() (names []string) {
		t.Helper()
		workers, err := registry.List(t.Context())
		must(t, err)
		for _, w := range workers {
			names = append(names, w.Name)
		}
		return names
	}
	if names := list(); len(names) > 0 {
		t.Errorf("alive are %q", names)
	}
	must(t, registry.Announce(t.Context(), core.WorkerInfo{Name: "alive"}, 48*time.Hour))
	if names := list(); len(names) != 1 || names[0] != "alive" {
		t.Errorf("alive are %q, want the one that was announced", names)
	}
	if count, err := c.Redis().ZCard(t.Context(), key).Result(); err != nil || count != 1 {
		t.Errorf("%d workers are stored, %v", count, err)
	}
}
