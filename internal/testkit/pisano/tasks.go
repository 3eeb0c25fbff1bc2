package pisano

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	client "github.com/pisano-dev/pisano/clients/go"
	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
	"github.com/pisano-dev/pisano/internal/testkit"
	"github.com/pisano-dev/pisano/internal/testkit/docker"
)

// APITasks does what programs use the service for, on a site where F(10007) has not been submitted.
func (c *Client) APITasks() {
	c.t.Helper()
	const n core.Index = 10_007
	path := fmt.Sprintf("/api/values/%d", n)
	want, err := fibonacci.Text(c.t.Context(), n)
	if err != nil {
		c.t.Fatal(err)
	}
	testkit.Eventually(c.t, "readiness", c.Ready)
	c.Want(http.StatusNotFound, http.MethodGet, path, "")

	heard := c.Listen(n)
	submission := fmt.Sprintf(`{"index":%d}`, n)
	accepted := c.Want(http.StatusAccepted, http.MethodPost, "/api/indices", submission)
	if to := accepted.Header.Get("Location"); to != strings.TrimPrefix(path, "/api/") {
		c.t.Errorf("the Location of the submission is %s", to)
	}
	v := c.Await(n)
	if v.DigitCount != int64(len(want)) || v.Trailing != want[len(want)-50:] {
		c.t.Errorf("F(%d) has %d digits and ends with %s", n, v.DigitCount, v.Trailing)
	}
	select {
	case <-heard:
	case <-time.After(testkit.HangTimeout):
		c.t.Errorf("no event said that F(%d) is calculated", n)
	}
	c.Want(http.StatusOK, http.MethodPost, "/api/indices", submission)
	c.digitsTasks(n, want)
	c.listTasks(n)

	tooLarge := fmt.Sprintf(`{"index":%d}`, core.DefaultMaxIndex+1)
	for _, body := range []string{`{"index":"abc"}`, tooLarge} {
		if p := c.Send(http.MethodPost, "/api/indices", body).Problem(http.StatusUnprocessableEntity); len(p.Errors) == 0 || p.Errors[0].Location != "body.index" {
			c.t.Errorf("%s: %+v", body, p)
		}
	}
	for _, target := range []string{"/api/nothing", "/api/metrics"} {
		c.Get(target).Problem(http.StatusNotFound)
	}
	for page, kind := range map[string]string{"/": "text/html", "/otherpage": "text/html", "/api/docs": "text/html", "/api/openapi.json": "json"} {
		if a := c.Want(http.StatusOK, http.MethodGet, page, ""); !strings.Contains(a.Header.Get("Content-Type"), kind) || a.Text == "" {
			c.t.Errorf("%s: %s, %d bytes", page, a.Header.Get("Content-Type"), len(a.Text))
		}
	}
}

func (c *Client) digitsTasks(n core.Index, want string) {
	c.t.Helper()
	c.WantRight(n)
	some, err := c.DigitRange(c.t.Context(), int64(n), 1000, 100)
	if err != nil {
		c.t.Fatal(err)
	}
	if some != want[1000:1100] {
		c.t.Errorf("digits 1000 to 1099 of F(%d) are %s", n, some)
	}
}

func (c *Client) listTasks(n core.Index) {
	c.t.Helper()
	seen, listed := false, false
	for index, err := range c.Indices(c.t.Context()) {
		if err != nil {
			c.t.Fatal(err)
		}
		seen = seen || index.Index == int64(n) && index.State == client.StateCalculated
	}
	for value, err := range c.Values(c.t.Context()) {
		if err != nil {
			c.t.Fatal(err)
		}
		listed = listed || value.Index == int64(n) && !value.CalculatedAt.IsZero()
	}
	if !seen || !listed {
		c.t.Errorf("F(%d) among the indices: %v, among the values: %v", n, seen, listed)
	}
}

// BrowserTasks does in a browser what people use the page for: web/e2e/tasks.spec.ts.
func (c *Client) BrowserTasks() {
	c.t.Helper()
	begin := time.Now()
	output, err := docker.Browser(c.t, "e2e:tasks", "PISANO_URL="+c.URL)
	if err != nil {
		c.t.Errorf("the browser: %v\n%s", err, output)
	}
	c.t.Logf("the browser's main tasks took %.1f s", time.Since(begin).Seconds())
}
