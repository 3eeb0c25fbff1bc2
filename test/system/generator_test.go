package system

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// operation is an operation of the OpenAPI document.
type operation struct {
	method, path string
	Parameters   []parameter
	RequestBody  *struct{} `yaml:"requestBody"`
}

type parameter struct {
	Name, In string
	Schema   struct {
		Type             string
		Minimum, Maximum float64
	}
}

// documented returns the operations of openapi.yaml.
func documented(t *testing.T) []operation {
	t.Helper()
	text, err := os.ReadFile("../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]operation
	}
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(document.Paths[path])) {
			op := document.Paths[path][method]
			op.method, op.path = strings.ToUpper(method), path
			all = append(all, op)
		}
	}
	if len(all) < 8 {
		t.Fatalf("the document has %d operations only", len(all))
	}
	return all
}

// generator makes requests, from valid to absurd. The same Rand makes the same requests.
type generator struct {
	*rand.Rand
	operations []operation
	prefix     string // of all paths
}

// one returns one of the choices at random.
func one[T any](g *generator, choices ...T) T { return choices[g.IntN(len(choices))] }

// in returns true once in n calls on average.
func (g *generator) in(n int) bool { return g.IntN(n) == 0 }

var (
	words = []string{
		"", " ", "0", "-0", "007", "+1", "1e3", "1.5", "0x10", "NaN", "Infinity", "null", "true", "false", "[]", "{}",
		"undefined", "١٢", "−5", "１２", "🂡", "\u202e", "a\u0300", "\x00", "\r\n", "%", "%00", "%zz", "..", "../..", "/", "//", "\\",
		"'", `"`, "<b>", "${x}", "{{x}}", "'; DROP TABLE indices; --", "*", "W/", `W/"x"`, `"10-digits"`,
	}
	numbers = []string{
		"1", "-1", "10", "100", "1000", "-1000", "2999", "3000", "3001", "9007199254740991", "9007199254740992", "-9007199254740992",
		"9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "1e400",
		"100000000000000000000000000000000000000000",
	}
	ranges = []string{
		"bytes=0-99", "bytes=-1", "bytes=-0", "bytes=5-2", "bytes=0-", "bytes=9999999-", "bytes=0-0,1-1", "bytes=", "bytes=a-b",
		"bytes=18446744073709551616-", "digits=0-1", "bytes=0-18446744073709551615", "=", "bytes",
	}
	preferences = []string{"wait=0", "wait=1", "wait=60", "wait=-1", "wait=99999999999999", "wait", "wait=x", "respond-async, wait=1", "wait=1;x=y", ",,,"}
	accepted    = []string{"*/*", "application/json", "text/html;q=0.5,*/*;q=0.1", "a;,", "a;b,c", ";", "json", "application/problem+json;q=2", "gzip;q=x"}
	methods     = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND", "X", "G\tT", strings.Repeat("M", 300)}
	headers     = []string{
		"Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection", "Content-Encoding", "Content-Type",
		"Cookie", "Expect", "Forwarded", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Last-Event-ID",
		"Origin", "Prefer", "Range", "TE", "Traceparent", "Transfer-Encoding", "Upgrade", "X-Forwarded-For", "X-Forwarded-Host",
		"X-Http-Method-Override", "X-Request-Id", "X-",
	}
)

// text returns a value of no particular type.
func (g *generator) text() string {
	switch g.IntN(8) {
	case 0:
		return strings.Repeat(one(g, words...), g.IntN(2000))
	case 1:
		return g.noise(200)
	case 2:
		return one(g, words...) + one(g, numbers...)
	case 3, 4:
		return one(g, numbers...)
	default:
		return one(g, words...)
	}
}

// index returns an index that is accepted, often one that was submitted before.
func (g *generator) index() int { return g.IntN(one(g, 20, 3000)) }

// integer returns an integer of up to that many digits, and of each length as often as of any of half of it.
func (g *generator) integer(atMost int) string {
	digits := make([]byte, 1+int(math.Exp(g.Float64()*math.Log(float64(atMost)))))
	for i := range digits {
		digits[i] = byte('0' + g.IntN(10))
	}
	return one(g, "", "", "", "-") + strings.TrimLeft(string(digits[:len(digits)-1]), "0") + "1"
}

func (g *generator) noise(atMost int) string {
	noise := make([]byte, g.IntN(atMost))
	for i := range noise {
		noise[i] = byte(g.Uint32())
	}
	return string(noise)
}

// value returns a value of a parameter: valid, at its bounds, beyond them, or of another type.
func (g *generator) value(p parameter) string {
	known := map[string][]string{"Range": ranges, "Prefer": preferences, "Accept": accepted, "Content-Type": {"application/json", "text/plain", "application/json; charset=x"}}
	switch {
	case known[p.Name] != nil && !g.in(4):
		return one(g, known[p.Name]...)
	case g.in(3):
		return g.text()
	case p.Schema.Type == "integer" && p.Schema.Maximum > 0:
		bound := one(g, p.Schema.Minimum, p.Schema.Maximum)
		right := float64(g.index())
		return strconv.FormatFloat(one(g, bound, bound-1, bound+1, right, right, right), 'f', -1, 64)
	case p.Schema.Type == "boolean":
		return one(g, "true", "false", "1", "yes")
	case p.In == "path" && p.Schema.Type == "string" && !g.in(4):
		return g.integer(1010) // the explorer takes 10^1000
	}
	return one(g, numbers...)
}

// request returns a request and its method.
func (g *generator) request() (method string, request []byte) {
	if g.in(20) {
		return http.MethodGet, []byte(g.noise(4000))
	}
	op := one(g, g.operations...)
	method = op.method
	if g.in(6) {
		method = one(g, methods...)
	}
	host := "localhost"
	if g.in(30) {
		host = one(g, "", "a b", "[::1]:x", g.text())
	}
	request = fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, g.target(op), host)
	request = g.appendHeader(request, op)
	var body []byte
	if op.RequestBody != nil && !g.in(8) || g.in(12) {
		body = g.body()
		if op.path == "/inverse" && !g.in(4) {
			body = g.longInteger()
		}
		request = fmt.Appendf(request, "Content-Length: %d\r\n", len(body)+one(g, 0, 0, 0, 0, 0, 0, 0, 1, -1))
	}
	request = append(append(request, "\r\n"...), body...)
	if g.in(10) {
		request = g.mangle(request)
	}
	return method, request
}

// target returns the path and query of a request.
func (g *generator) target(op operation) string {
	path := op.path
	query := url.Values{}
	for _, p := range op.Parameters {
		switch {
		case p.In == "path" && !g.in(10):
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(g.value(p)))
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", g.value(p)) // unescaped
		case p.In == "query" && !g.in(3):
			for range one(g, 1, 1, 1, 2, 50) {
				query.Add(p.Name, g.value(p))
			}
		}
	}
	if g.in(10) {
		query.Add(g.text(), g.text())
	}
	target := g.prefix + path
	if g.in(20) {
		target += one(g, "/", "//", "/..", "/.", "%2f", ";x=y", "/"+g.text())
	}
	if g.in(40) {
		target = one(g, "*", "", "http://localhost"+target, "localhost:80", strings.Repeat("/a", 5000), "/metrics", "/", "/index.html")
	}
	switch {
	case g.in(15):
		target += "?" + g.text() // unescaped
	case len(query) > 0:
		target += "?" + query.Encode()
	}
	return target
}

func (g *generator) appendHeader(request []byte, op operation) []byte {
	field := func(name, value string) {
		if !g.in(50) { // a control character ends the header, or has it refused at once
			value = strings.Map(func(r rune) rune {
				if r < ' ' || r == 0x7f {
					return -1
				}
				return r
			}, value)
		}
		request = fmt.Appendf(request, "%s: %s\r\n", name, value)
	}
	for _, p := range op.Parameters {
		if p.In == "header" && !g.in(3) {
			for range one(g, 1, 1, 1, 3) {
				field(p.Name, g.value(p))
			}
		}
	}
	if op.RequestBody != nil && !g.in(5) {
		field("Content-Type", "application/json")
	}
	for range one(g, 0, 0, 1, 2, 20) {
		name := one(g, headers...)
		value := g.value(parameter{Name: name})
		switch {
		case name == "Transfer-Encoding" && g.in(5):
			value = one(g, "chunked", "gzip", "chunked, chunked", "identity")
		case name == "Transfer-Encoding":
			continue
		case name == "Connection":
			value = one(g, "close", "keep-alive", "upgrade")
		case name == "Expect" && !g.in(3):
			value = "100-continue"
		}
		field(name, value)
	}
	if g.in(100) {
		field(one(g, "X-Long", "Two Words", "\x7f", ""), strings.Repeat("x", 1<<one(g, 0, 10, 16, 20, 21)))
	}
	return request
}

// body returns the body of a submission, or something like it.
func (g *generator) body() []byte {
	number := func() json.RawMessage {
		if g.in(3) {
			return json.RawMessage(one(g, numbers...))
		}
		return json.RawMessage(strconv.Itoa(g.index()))
	}
	switch g.IntN(12) {
	case 0:
		return []byte(g.noise(1000))
	case 1:
		return bytes.Repeat([]byte(one(g, "[", `{"index":`, `{"indices":[`)), g.IntN(20_000))
	case 2:
		return fmt.Appendf(nil, `{"indices":[%s1]}`, strings.Repeat("1,", one(g, 0, 1, 998, 999, 1000, 40_000)))
	case 3:
		return fmt.Appendf(nil, `{"index":%q}`, g.text())
	case 4:
		return fmt.Appendf(nil, `{"index":%s,"index":%s,%q:%s}`, number(), number(), g.text(), number())
	case 5:
		return fmt.Appendf(nil, `{"index":%s,"indices":[%s,%s]}`, number(), number(), number())
	case 6:
		return []byte(one(g, "", "null", "1", "[]", "{}", `""`, `{"index":null}`, `{"indices":null}`, `{"indices":[]}`, `{"indices":[null]}`,
			`{"indices":{}}`, `{"INDEX":5}`, `{"index":[5]}`, "\ufeff{}", `{"index":5}{"index":6}`, `{"index":5`, "{\"\\ud800\":1}"))
	case 7:
		return fmt.Appendf(nil, `{"indices":[%s,%s,%s]}`, number(), number(), number())
	default:
		return fmt.Appendf(nil, `{"index":%s}`, number())
	}
}

// longInteger returns the body of a question for an inverse.
func (g *generator) longInteger() []byte {
	return fmt.Appendf(nil, `{"value":%q}`, g.integer(1_000_100))
}

// mangle damages a request, or appends another.
func (g *generator) mangle(request []byte) []byte {
	switch g.IntN(4) {
	case 0:
		return request[:g.IntN(len(request))]
	case 1:
		return append(request, request...)
	case 2:
		return append(request, g.noise(300)...)
	default:
		for range 1 + g.IntN(10) {
			request[g.IntN(len(request))] = byte(g.Uint32())
		}
		return request
	}
}
