package httpapi_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// connection is a connection to a server for requests that net/http's client
// would not write.
type connection struct {
	t    *testing.T
	conn net.Conn
	read *bufio.Reader
}

func (s *testServer) connect() *connection {
	s.t.Helper()
	conn, err := new(net.Dialer).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		s.t.Fatal(err)
	}
	return &connection{s.t, conn, bufio.NewReader(conn)}
}

// say writes lines, each followed by CRLF.
func (c *connection) say(lines ...string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, strings.Join(lines, "\r\n")+"\r\n"); err != nil {
		c.t.Fatal(err)
	}
}

// line reads a line.
func (c *connection) line() string {
	c.t.Helper()
	line, err := c.read.ReadString('\n')
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// answer reads a response and returns its status and its body.
func (c *connection) answer(method string) (int, string) {
	c.t.Helper()
	response, err := http.ReadResponse(c.read, &http.Request{Method: method})
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

const submission = `{"index": 10}`

var length = fmt.Sprintf("Content-Length: %d", len(submission))

// unusualRequests are valid requests as some proxies write them, with the status
// of the response.
var unusualRequests = map[string]struct {
	head   []string
	body   string
	status int
}{
	"absolute form":                {[]string{"GET http://pisano.test/indices HTTP/1.1", "Host: pisano.test"}, "", 200},
	"absolute form of another":     {[]string{"GET http://other.test:81/indices?limit=1 HTTP/1.1", "Host: pisano.test"}, "", 200},
	"HTTP/1.0":                     {[]string{"GET /indices HTTP/1.0"}, "", 200},
	"HTTP/1.0, kept":               {[]string{"GET /indices HTTP/1.0", "Connection: keep-alive"}, "", 200},
	"HTTP/1.0, a submission":       {[]string{"POST /indices HTTP/1.0", "Content-Type: application/json", length}, submission, 202},
	"a program that names no type": {[]string{"POST /indices HTTP/1.1", "Host: x", length}, submission, 202},
	"HTTP/1.0, no length":          {[]string{"POST /indices HTTP/1.0", "Content-Type: application/json"}, "", 400},
	"chunks": {
		[]string{"POST /indices HTTP/1.1", "Host: x", "Content-Type: application/json", "Transfer-Encoding: chunked"},
		"5\r\n{\"ind\r\n8;x=y\r\nex\": 10}\r\n0\r\n\r\n", 202,
	},
	"chunks with a trailer": {
		[]string{"POST /indices HTTP/1.1", "Host: x", "Content-Type: application/json", "Transfer-Encoding: chunked", "TE: trailers", "Trailer: X-Sum"},
		"d\r\n" + submission + "\r\n0\r\nX-Sum: 1\r\n\r\n", 202,
	},
	"a connection that is not kept": {[]string{"GET /indices HTTP/1.1", "Host: x", "Connection: close"}, "", 200},
	"encodings and transfers": {
		[]string{"GET /indices HTTP/1.1", "Host: x", "Accept-Encoding: br;q=1.0, gzip;q=0.8, *;q=0.1", "TE: deflate, trailers", "Connection: TE"}, "", 200,
	},
	"a prefix that was taken off":  {[]string{"GET /values HTTP/1.1", "Host: x", "X-Forwarded-Prefix: /numbers", "X-Forwarded-Host: y"}, "", 200},
	"slashes that were not merged": {[]string{"GET //values HTTP/1.1", "Host: x"}, "", 404},
	"a slash that is encoded":      {[]string{"GET /values%2F10 HTTP/1.1", "Host: x"}, "", 404},
}

func TestConnection_UnderstandsRequestsAsProxiesWriteThem(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	for name, r := range unusualRequests {
		c := s.connect()
		c.say(append(r.head, "", r.body)...)
		method, _, _ := strings.Cut(r.head[0], " ")
		if status, text := c.answer(method); status != r.status || text == "" {
			t.Errorf("%s: %d, want %d: %s", name, status, r.status, text)
		}
	}
}

func TestConnection_ContinuesForAClientThatExpectsIt(t *testing.T) {
	t.Parallel()
	c := newTestServer(t, nil).connect()
	c.say("POST /indices HTTP/1.1", "Host: x", "Content-Type: application/json", length, "Expect: 100-continue", "")
	if first := c.line(); first != "HTTP/1.1 100 Continue" {
		t.Fatalf("before the body: %s", first)
	}
	c.line()
	c.say(submission)
	if status, text := c.answer(http.MethodPost); status != http.StatusAccepted {
		t.Errorf("%d: %s", status, text)
	}
}

// HTTP/1.0, which ab and some old proxies use, has no chunked encoding: the
// stream ends with the connection.
func TestEvents_ArriveAtOnceOverHTTP10(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	c := s.connect()
	c.say("GET /events HTTP/1.0", "")
	if first := c.line(); first != "HTTP/1.0 200 OK" {
		t.Fatalf("the status line is %q", first)
	}
	for field := c.line(); field != ""; field = c.line() {
		if strings.HasPrefix(field, "Transfer-Encoding") {
			t.Errorf("a response of HTTP/1.0 has %s", field)
		}
	}
	if first := c.line(); first != "retry: 1000" {
		t.Errorf("the first line of the stream is %q", first)
	}
	s.submit(submission).want(202)
	for c.line() != "event: seen" {
	}
}

// Relative references work wherever the API is mounted.
func TestResponse_HasRelativeReferences(t *testing.T) {
	t.Parallel()
	s := newTestServer(t, nil)
	s.calculated(1, 2, 3)
	fields := []string{"X-Forwarded-Prefix: /numbers", "X-Forwarded-Host: pisano.test", "X-Forwarded-Proto: https"}
	s.submit(submission, fields...).wantHeader("Location", "values/10")
	for _, list := range []string{"indices", "values"} {
		if link := s.get("/"+list+"?limit=1", fields...).want(200).Header.Get("Link"); !strings.HasPrefix(link, "<"+list+"?limit=1&cursor=") {
			t.Errorf("the next page of %s is at %s", list, link)
		}
	}
}
