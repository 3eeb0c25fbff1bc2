package config

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/pisano-dev/pisano/core"
)

// size reads a size in bytes, in the units of GOMEMLIMIT.
func size(target *int64, low int64) func(string) error {
	return func(value string) error {
		digits := strings.TrimRight(value, "KMGTiB")
		factor, known := map[string]int64{"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}[value[len(digits):]]
		n, err := strconv.ParseInt(digits, 10, 64)
		switch {
		case err != nil || !known || n > math.MaxInt64/factor:
			return errors.New("is not a size such as 448MiB or 2GiB")
		case n*factor < low:
			return fmt.Errorf("is %d bytes; it must be at least %d", n*factor, low)
		}
		*target = n * factor
		return nil
	}
}

// programReserve is the least memory that is left to the program itself beside its
// calculations.
const programReserve = 64 << 20

// memoryLimit returns the memory limit of the runtime in bytes, which collects
// garbage before the program exceeds it, or −1 to leave the limit as it is. memory
// is what calculations may take. PISANO_MEMORY is for calculations alone: a program
// that also serves gets programReserve beside it, and would otherwise collect
// garbage without end. GOMEMLIMIT, also if it is off, takes precedence.
func (e environment) memoryLimit(memory int64, serves bool) int64 {
	switch {
	case e["GOMEMLIMIT"] != "" || memory == 0:
		return -1
	case serves && e["PISANO_MEMORY"] != "":
		return min(memory, math.MaxInt64-programReserve) + programReserve
	}
	return memory
}

// availableMemory returns how many bytes calculations may take if no setting
// says so: GOMEMLIMIT, else what the cgroup or the machine has, less a reserve.
// 0 means that it is not known.
func availableMemory(root fs.FS) int64 {
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		return max(limit, core.MinMemory)
	}
	limit := cgroupLimit(root)
	if machine := machineMemory(root); machine > 0 {
		limit = min(limit, machine)
	}
	if limit == math.MaxInt64 {
		return 0
	}
	return max(limit-max(limit/8, programReserve), core.MinMemory)
}

// cgroupLimit returns the smallest limit of the process's cgroup and those
// above it, math.MaxInt64 if there is none.
func cgroupLimit(root fs.FS) int64 {
	limit := int64(math.MaxInt64)
	groups, _ := fs.ReadFile(root, "proc/self/cgroup")
	for line := range strings.Lines(string(groups)) {
		_, line, _ = strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, found := strings.Cut(line, ":")
		folder, file := "sys/fs/cgroup", "memory.max"
		switch {
		case !found:
			continue
		case controllers == "memory" || strings.Contains(","+controllers+",", ",memory,"): // version 1
			folder, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		case controllers != "":
			continue
		}
		// In a container the path may be that on the machine: then only the top is there.
		for group = path.Clean("/" + group); ; group = path.Dir(group) {
			text, err := fs.ReadFile(root, path.Join(folder, group, file))
			if n, invalid := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && invalid == nil && n > 0 {
				limit = min(limit, n)
			}
			if group == "/" {
				break
			}
		}
	}
	return limit
}

// machineMemory returns the memory of the machine, 0 if it is not known.
func machineMemory(root fs.FS) int64 {
	text, _ := fs.ReadFile(root, "proc/meminfo")
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, "MemTotal:"); found {
			kibibytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kibibytes << 10
		}
	}
	return 0
}
