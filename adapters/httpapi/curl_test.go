package httpapi_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The requests of documents are answered as the documents show: "…" stands for
// anything.
func TestDocuments_ShowWhatCurlPrints(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "docs/explorer.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("../../" + name)
			if err != nil {
				t.Fatal(err)
			}
			s := newTestServer(t, nil)
			examples := curlLine.FindAllStringSubmatch(string(text), -1)
			for i, example := range examples {
				method, path, body, fields := parseCurl(t, example[1])
				got := strings.ReplaceAll(s.ask(method, path, body, fields...).text, "\r\n", "\n")
				if !shown(example[2]).MatchString(strings.TrimSpace(got)) {
					t.Errorf("%s\nprints %s\nand not %s", example[1], got, example[2])
				}
				if i == 0 {
					s.startWorker() // after the submission, which says that it is pending
				}
			}
			if len(examples) < 3 {
				t.Errorf("%d examples", len(examples))
			}
		})
	}
}

// curlLine matches a command and what it prints, up to the next one.
var curlLine = regexp.MustCompile("(?m)^\\$ curl -s (.*)\n((?:[^$`].*\n)+)")

// shown returns what matches the output that a document shows.
func shown(output string) *regexp.Regexp {
	var parts []string
	for part := range strings.SplitSeq(strings.TrimSpace(output), "…") {
		parts = append(parts, regexp.QuoteMeta(strings.TrimSpace(part)))
	}
	return regexp.MustCompile("(?s)^" + strings.Join(parts, ".*") + "$")
}

// word matches an argument of a command, in single quotes or without.
var word = regexp.MustCompile(`'([^']*)'|(\S+)`)

// parseCurl returns the request of the arguments of curl.
func parseCurl(t *testing.T, arguments string) (method, path, body string, fields []string) {
	t.Helper()
	method = http.MethodGet
	option := ""
	for _, match := range word.FindAllStringSubmatch(arguments, -1) {
		argument := match[1] + match[2]
		switch {
		case option == "-H":
			fields = append(fields, argument)
		case option == "-d":
			method, body = http.MethodPost, argument
		case option == "-r":
			fields = append(fields, "Range: bytes="+argument)
		case strings.HasPrefix(argument, "-"):
			option = argument
			continue
		default:
			address, found := strings.CutPrefix(argument, "localhost:8080/api")
			if !found {
				t.Fatalf("the address of another server: %s", argument)
			}
			path = address
		}
		option = ""
	}
	return method, path, body, fields
}
