package main

import (
	"bufio"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// availableMemory returns the memory that a calculation can use: the limit of the
// Go runtime if one is set, or else what Linux reports as available, at most the
// limit of a container. It is not known on other systems, and the result is unlimited.
func availableMemory() int64 {
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		return limit
	}
	available := int64(math.MaxInt64)
	// In a container these are its own limits, of version 2 and 1 of cgroups.
	for _, name := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, _ := os.ReadFile(name)
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil { // not "max"
			available = min(available, limit)
		}
	}
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return available
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "MemAvailable:" {
			if kilobytes, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				return min(available, kilobytes<<10)
			}
		}
	}
	return available
}
