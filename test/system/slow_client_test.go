package system

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/internal/testkit/pisano"
)

// A client that does not finish its request must not hold a connection for longer than it takes the slow.
func TestUnfinishedRequests_AreGivenUp(t *testing.T) {
	t.Parallel()
	p := pisano.Start(t, "api", "PISANO_DATA="+t.TempDir()+"/pisano.db")
	const body = "Host: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\n"
	for name, request := range map[string]string{
		"nothing":                      "",
		"a header":                     "GET /api/indices HTTP/1.1\r\nHost: x\r\nX-Slow: ",
		"a submission":                 "POST /api/indices HTTP/1.1\r\n" + body + "\r\n{",
		"a submission of another site": "POST /api/indices HTTP/1.1\r\n" + body + "Origin: http://evil.test\r\n\r\n{",
		"no address of the API":        "POST /api/nothing HTTP/1.1\r\n" + body + "\r\n{",
		"no method of the API":         "PUT /api/indices HTTP/1.1\r\n" + body + "\r\n{",
		"a body that is not wanted":    "GET /api/values HTTP/1.1\r\n" + body + "\r\n{",
		"the page":                     "POST / HTTP/1.1\r\n" + body + "\r\n{",
		"the metrics":                  "POST /metrics HTTP/1.1\r\n" + body + "\r\n{",
		"chunks":                       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := dialFrom(t, p, "127.0.0.1")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, request); err != nil {
				t.Fatal(err)
			}
			// Some ten seconds. An idle connection would be kept for two minutes.
			if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("it is still waited for")
			}
		})
	}
}

func TestHeaders_AreBounded(t *testing.T) {
	t.Parallel()
	p := pisano.Start(t, "api", "PISANO_DATA="+t.TempDir()+"/pisano.db")
	for size, want := range map[int]int{16 << 10: http.StatusOK, 64 << 10: http.StatusRequestHeaderFieldsTooLarge} {
		conn, err := dialFrom(t, p, "127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", size)); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("a header of %d bytes is answered with %s, want %d", size, response.Status, want)
		}
	}
}
