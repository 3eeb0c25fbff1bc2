package app

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// healthTimeout is how long a program that lives may take to say so.
const healthTimeout = 2 * time.Second

// checkHealth asks the program that listens on a port of this machine whether
// it lives. Whether it is ready is another question: one that waits for its
// Postgres is not mended by starting it anew.
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
		return fmt.Errorf("the answer is %s", answer.Status)
	}
	return nil
}
