package app

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// healthTimeout is how long a live program may take to answer.
const healthTimeout = 2 * time.Second

// checkHealth returns an error unless a live program listens on a port of this
// machine. It checks liveness, not readiness: restarting a program that waits
// for its Postgres does not help.
func checkHealth(port int) error {
	ctx, cancel := context.WithTimeout(context.Background(), healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/healthz", port), nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("it answered %s", answer.Status)
	}
	return nil
}
