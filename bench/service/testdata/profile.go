// Package main is added to Pisano's programs for a profile (go build -overlay), so that they have no such thing themselves.
package main

import (
	"net"
	"net/http"
	_ "net/http/pprof"
	"os"
)

// Profiles are served at the Unix socket that BENCH_PPROF names.
func init() {
	if path := os.Getenv("BENCH_PPROF"); path != "" {
		listener, err := net.Listen("unix", path)
		if err != nil {
			panic(err)
		}
		go func() { panic(http.Serve(listener, nil)) }()
	}
}
