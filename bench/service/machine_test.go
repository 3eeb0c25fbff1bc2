package service

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// machine prints what the figures were measured on.
func (b *bench) machine() {
	b.t.Helper()
	node, err := exec.CommandContext(b.t.Context(), "node", "--version").Output()
	if err != nil {
		b.t.Fatalf("Node.js, for the peer on Express: %v", err)
	}
	fmt.Printf("%s. %d processors, %s; %s; PostgreSQL %s; Redis %s; Node.js %s. Revision %s.\n",
		time.Now().UTC().Format(http.TimeFormat), runtime.NumCPU(), processor(), runtime.Version(), ask[string](b.servers, "SHOW server_version"),
		b.servers.redisInfo("server")["redis_version"], strings.TrimSpace(string(node)), os.Getenv("REVISION"))
	fmt.Printf("%d connections, one process of the load generator on one processor. %d slices of %v for each subject, in turns.\n",
		connections, b.rounds, b.slice)
}

// processor returns the name of the processor, "" if the system does not tell.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
