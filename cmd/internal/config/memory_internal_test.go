package config

import (
	"testing"
	"testing/fstest"

	"github.com/pisano-dev/pisano/core"
)

func TestAvailableMemory_IsThatOfTheCgroupOrTheMachine(t *testing.T) {
	t.Parallel()
	const gibibyte = 1 << 30
	meminfo := "MemTotal:       16777216 kB\nMemFree:        1 kB\n"
	for name, test := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"nothing known":          {nil, 0},
		"the machine":            {map[string]string{"proc/meminfo": meminfo}, 14 * gibibyte},
		"version 2, in a unit":   {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/system.slice/pisano.service\n", "sys/fs/cgroup/system.slice/pisano.service/memory.max": "8589934592\n"}, 7 * gibibyte},
		"version 2, above it":    {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "8589934592\n", "sys/fs/cgroup/a/b/memory.max": "max\n"}, 7 * gibibyte},
		"version 2, container":   {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "536870912\n"}, 448 << 20},
		"version 2, no limit":    {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"}, 14 * gibibyte},
		"version 1":              {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/docker/1\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "8589934592\n"}, 7 * gibibyte},
		"version 1, no limit":    {map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "4:memory:/\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 14 * gibibyte},
		"less than there may be": {map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1048576\n"}, core.MinMemory},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := make(fstest.MapFS)
			for path, text := range test.files {
				root[path] = &fstest.MapFile{Data: []byte(text)}
			}
			if got := availableMemory(root); got != test.want {
				t.Errorf("%d, want %d", got, test.want)
			}
		})
	}
}

func TestSize_HasTheUnitsOfTheGoRuntime(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int64{"67108864": 64 << 20, "100663296B": 96 << 20, "65536KiB": 64 << 20, "448MiB": 448 << 20, "2GiB": 2 << 30, "1TiB": 1 << 40} {
		var got int64
		if err := size(&got, 64<<20)(value); err != nil || got != want {
			t.Errorf("%s is %d, %v", value, got, err)
		}
	}
	for _, value := range []string{"MiB", "448MB", "1.5GiB", "-1GiB", "64 MiB", "9999999TiB", "448m", "63MiB", "1GiBB"} {
		if err := size(new(int64), 64<<20)(value); err == nil {
			t.Errorf("%s is taken", value)
		}
	}
}
