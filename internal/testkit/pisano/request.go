package pisano

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	client "github.com/pisano-dev/pisano/clients/go"
	"github.com/pisano-dev/pisano/internal/testkit"
)

// Answer is a response that was read whole, as it came: nothing is decompressed and no redirect is followed.
type Answer struct {
	StatusCode    int
	Header        http.Header
	ContentLength int64
	Text          string

	t testing.TB
}

// Do sends a raw request on a connection of its own, with target and header fields ("Name: value") exactly as given, and reads
// the answer. A body that is not empty is sent as JSON. The error tells that there was no answer, or only a part of one. It may
// be called from any goroutine.
func (c *Client) Do(method, target, body string, fields ...string) (Answer, error) {
	connection, err := c.Dial()
	if err != nil {
		return Answer{t: c.t}, err
	}
	defer func() { _ = connection.Close() }()
	fields = append([]string{"Connection: close"}, fields...)
	if body != "" {
		fields = append(fields, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body)))
	}
	if err := c.writeHeader(connection, method, target, fields); err != nil {
		return Answer{t: c.t}, err
	}
	if _, err := io.WriteString(connection, body); err != nil {
		return Answer{t: c.t}, err
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method})
	if err != nil {
		return Answer{t: c.t}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return Answer{response.StatusCode, response.Header, response.ContentLength, string(text), c.t}, err
}

func (c *Client) writeHeader(connection io.Writer, method, target string, fields []string) error {
	lines := append([]string{method + " " + target + " HTTP/1.1", "Host: " + c.Host}, fields...)
	_, err := io.WriteString(connection, strings.Join(lines, "\r\n")+"\r\n\r\n")
	return err
}

// Dial connects to the server, for as long as an answer may take.
func (c *Client) Dial() (net.Conn, error) {
	dialer := net.Dialer{Timeout: testkit.HangTimeout}
	connection, err := dialer.DialContext(c.t.Context(), "tcp", c.address)
	if err != nil {
		return nil, err
	}
	return connection, connection.SetDeadline(time.Now().Add(testkit.HangTimeout))
}

// Open sends the header of a raw request whose answer does not end, or whose body follows. The connection ends with the test.
func (c *Client) Open(method, target string, fields ...string) (net.Conn, *bufio.Reader) {
	c.t.Helper()
	connection, err := c.Dial()
	if err == nil {
		c.t.Cleanup(func() { _ = connection.Close() })
		err = c.writeHeader(connection, method, target, fields)
	}
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	return connection, bufio.NewReader(connection)
}

// Send is Do, and fails the test if there is no answer.
func (c *Client) Send(method, target, body string, fields ...string) Answer {
	c.t.Helper()
	a, err := c.Do(method, target, body, fields...)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	return a
}

// Get is Send for GET.
func (c *Client) Get(target string, fields ...string) Answer {
	c.t.Helper()
	return c.Send(http.MethodGet, target, "", fields...)
}

// Want is Send, and fails the test unless the answer has the status.
func (c *Client) Want(status int, method, target, body string, fields ...string) Answer {
	c.t.Helper()
	a := c.Send(method, target, body, fields...)
	if a.StatusCode != status {
		c.t.Fatalf("%s %s: %d, want %d: %.500s", method, target, a.StatusCode, status, a.Text)
	}
	return a
}

// StatusOf returns the status of a raw GET, 0 if there was no answer.
func (c *Client) StatusOf(target string) int {
	a, err := c.Do(http.MethodGet, target, "")
	if err != nil {
		return 0
	}
	return a.StatusCode
}

// Problem returns the problem that the answer is. It must have the status, and be as the API sends it.
func (a Answer) Problem(status int) client.Problem {
	a.t.Helper()
	var p client.Problem
	decoder := json.NewDecoder(strings.NewReader(a.Text))
	decoder.DisallowUnknownFields()
	kind, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	if err := decoder.Decode(&p); err != nil || a.StatusCode != status || p.Status != int64(status) || kind != "application/problem+json" ||
		p.Type != "about:blank" || p.Title != http.StatusText(status) || p.Kind == "" || p.Detail == "" {
		a.t.Fatalf("not a problem with status %d: %d, %v, %v, %q", status, a.StatusCode, err, a.Header, a.Text)
	}
	return p
}
