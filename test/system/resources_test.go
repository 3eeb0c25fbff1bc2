package system

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// memory returns a figure of the memory of a process in bytes: VmRSS, what is
// resident, or VmHWM, the most that ever was.
func (p *process) memory(figure string) int64 {
	p.t.Helper()
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), figure+":"); found {
			kilobytes, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
			if err != nil {
				p.t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	p.t.Fatalf("%s says nothing of %s", file.Name(), figure)
	return 0
}

// descriptors returns how many files and connections a process has open.
func (p *process) descriptors() int {
	p.t.Helper()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.command.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	return len(open)
}

// sent returns how many bytes the system's Redis has sent to its clients.
func (s *system) sent() int64 {
	s.t.Helper()
	for line := range strings.Lines(s.redis.Exec("redis-cli", "INFO", "stats")) {
		if value, found := strings.CutPrefix(line, "total_net_output_bytes:"); found {
			bytes, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			if err != nil {
				s.t.Fatal(err)
			}
			return bytes
		}
	}
	s.t.Fatal("Redis does not say what it has sent")
	return 0
}

const mebibyte = 1 << 20

func inMebibytes(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/mebibyte) }
