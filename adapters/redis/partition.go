package redis

import (
	"strconv"

	"github.com/pisano-dev/pisano/core"
)

// A partition is named by its hash tag, including the braces.
type partition string

// clusterPartitions is the number of partitions on a Cluster: enough to spread
// over several masters, few enough for a call to visit all of them.
const clusterPartitions = 16

// partitionsOf returns the partitions. On a Cluster, one slot lies in each
// sixteenth of all slots: masters own ranges of slots, so that each of a few
// masters gets its share. Tags numbered from 0 would fall into few and narrow
// ranges.
func partitionsOf(prefix string, cluster bool) []partition {
	if !cluster {
		return []partition{partition("{" + prefix + "}")}
	}
	partitions := make([]partition, clusterPartitions)
	for i, found := 0, 0; found < clusterPartitions; i++ {
		tag := prefix + ":" + strconv.Itoa(i)
		if p := &partitions[slot(tag)*clusterPartitions/slots]; *p == "" {
			*p = partition("{" + tag + "}")
			found++
		}
	}
	return partitions
}

const slots = 16384

// slot returns the slot of a hash tag, its CRC-16/XMODEM modulo slots.
func slot(tag string) int {
	var crc uint16
	for _, b := range []byte(tag) {
		crc ^= uint16(b) << 8
		for range 8 {
			carry := crc >> 15
			crc = crc<<1 ^ carry*0x1021
		}
	}
	return int(crc % slots)
}

// numberOf returns the number of the partition of an index. It mixes the bits of
// the index, because round indices are submitted often.
func (c *Client) numberOf(n core.Index) int {
	const goldenRatio = 0x9e3779b97f4a7c15
	return int(uint64(n) * goldenRatio >> 32 % uint64(len(c.partitions)))
}

func (c *Client) partitionOf(n core.Index) partition { return c.partitions[c.numberOf(n)] }

// byPartition sorts what belongs to indices by their partitions, keeping the
// order in each.
func byPartition[T any](c *Client, all []T, indexOf func(T) core.Index) map[partition][]T {
	return grouped(all, func(x T) partition { return c.partitionOf(indexOf(x)) })
}

// grouped sorts items by a key, keeping the order among those with the same.
func grouped[K comparable, T any](all []T, keyOf func(T) K) map[K][]T {
	groups := make(map[K][]T)
	for _, x := range all {
		k := keyOf(x)
		groups[k] = append(groups[k], x)
	}
	return groups
}

func (p partition) key(name string) string      { return string(p) + ":" + name }
func (p partition) value(n core.Index) string   { return p.key("value:" + n.String()) }
func (p partition) draft(version string) string { return p.key("draft:" + version) }
func (p partition) values() string              { return p.key("values") }
func (p partition) generation() string          { return p.key("generation") }
func (p partition) puts() string                { return p.key("puts") }
func (p partition) probe() string               { return p.key("probe") }

// workers, memory, speed and store return keys of the whole.
func (c *Client) workers() string { return c.partitions[0].key("workers") }
func (c *Client) memory() string  { return c.partitions[0].key("memory") }
func (c *Client) speed() string   { return c.partitions[0].key("speed") }
func (c *Client) store() string   { return c.partitions[0].key("store") }

// channel returns the name of a channel of the whole. Unlike keys, channels are
// shared by the databases of a server: all but 0 have their number in it.
func (c *Client) channel(name string) string {
	tag := "{" + c.prefix + "}:"
	if c.database != 0 {
		tag += strconv.Itoa(c.database) + ":"
	}
	return tag + name
}
