package pisano

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// ForeignAnswerError is the error for an answer that is not from Pisano: the
// address is wrong, or something in between answered instead of the server, such
// as a login page.
type ForeignAnswerError struct {
	// URL is the address that answered, after redirects, without its query.
	URL string
	// Status is the status of the answer, such as "200 OK".
	Status string
	// ContentType is the media type of the answer, "" if it had none.
	ContentType string
	// Start is the first words of the answer.
	Start string
}

// Error describes the answer and where it came from.
func (e *ForeignAnswerError) Error() string {
	what := e.ContentType
	if what == "" {
		what = "no content type"
	}
	start := "an empty body"
	if e.Start != "" {
		start = fmt.Sprintf("beginning with %q", e.Start)
	}
	return fmt.Sprintf("pisano: the answer from %s is not from Pisano: %s, %s, %s. Check the address of the API", e.URL, e.Status, what, start)
}

// operation is what a successful answer of an operation looks like.
type operation struct {
	path      *regexp.Regexp // matches the end of the path
	mediaType string
	members   []string // the JSON object has them all
}

const (
	jsonType   = "application/json"
	textType   = "text/plain"
	eventsType = "text/event-stream"
	linesType  = "application/x-ndjson"
)

var operations = []operation{
	{regexp.MustCompile(`/indices$`), jsonType, []string{"items"}},
	{regexp.MustCompile(`/values$`), jsonType, []string{"items"}},
	{regexp.MustCompile(`/values/-?\d+$`), jsonType, []string{"index", "state"}},
	{regexp.MustCompile(`/values/-?\d+/digits$`), textType, nil},
	{regexp.MustCompile(`/estimates/-?\d+$`), jsonType, []string{"index", "digits", "bytes", "seconds"}},
	{regexp.MustCompile(`/numbers/-?\d+$`), jsonType, []string{"index", "number", "lucas"}},
	{regexp.MustCompile(`/numbers/-?\d+/mod/\d+$`), jsonType, []string{"index", "modulus", "remainder"}},
	{regexp.MustCompile(`/periods/\d+$`), jsonType, []string{"modulus", "period", "rank"}},
	{regexp.MustCompile(`/inverse(/-?\d+)?$`), jsonType, []string{"indices", "below", "above"}},
	{regexp.MustCompile(`/zeckendorf/\d+$`), jsonType, []string{"value", "indices"}},
	{regexp.MustCompile(`/events$`), eventsType, nil},
	{regexp.MustCompile(`/status$`), jsonType, []string{"parts"}},
	{regexp.MustCompile(`/healthz$`), jsonType, []string{"status"}},
	{readyzPath, jsonType, []string{"status", "dependencies"}},
}

var readyzPath = regexp.MustCompile(`/readyz$`)

// answerDoer returns an answer that is not from Pisano as an error. It reads answers
// in JSON to their end, but no streams. It is below repeatDoer, so that an answer that
// is cut off is repeated.
type answerDoer struct{ HttpRequestDoer }

// Do implements HttpRequestDoer.
func (d answerDoer) Do(request *http.Request) (*http.Response, error) {
	response, err := d.HttpRequestDoer.Do(request)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		return response, err
	}
	if err := checkAnswer(request, response); err != nil {
		return nil, err
	}
	return response, nil
}

// checkAnswer returns a ForeignAnswerError if an answer with a status below 400 is
// not from Pisano. It may replace the body by a copy in memory.
func checkAnswer(request *http.Request, response *http.Response) error {
	i := slices.IndexFunc(operations, func(o operation) bool { return o.path.MatchString(request.URL.Path) })
	if i < 0 {
		return nil // not an operation of the document
	}
	expected := operations[i]
	switch status := response.StatusCode; {
	case status == http.StatusNotModified:
		return nil
	case status != http.StatusOK && status != http.StatusAccepted && status != http.StatusPartialContent,
		mediaTypeOf(response) != expected.mediaType,
		response.Request != nil && response.Request.Method != request.Method: // redirected, and the body lost
		return foreign(response)
	case expected.members == nil || request.Method == http.MethodHead:
		return nil
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return fmt.Errorf("pisano: %w", err)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	var members map[string]json.RawMessage
	missing := func(name string) bool { return members[name] == nil }
	if json.Unmarshal(body, &members) != nil || slices.ContainsFunc(expected.members, missing) {
		return foreign(response)
	}
	return nil
}

func mediaTypeOf(response *http.Response) string {
	mediaType, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	return mediaType
}

const (
	// maxRead is how many bytes of a foreign answer are read for it.
	maxRead = 4 << 10
	// maxStart is the length of ForeignAnswerError.Start, in characters.
	maxStart = 100
)

// foreign returns the error for an answer that is not from Pisano.
func foreign(response *http.Response) error {
	e := &ForeignAnswerError{Status: response.Status, ContentType: mediaTypeOf(response)}
	if response.Request != nil {
		e.URL = publicPart(response.Request.URL)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxRead))
	_ = response.Body.Close()
	if err != nil && len(text) == 0 {
		return errors.Join(e, err)
	}
	e.Start = firstWords(string(text))
	return e
}

// publicPart returns an address without the user and the query, which may be
// secrets.
func publicPart(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// invisible matches what a browser does not show of a page.
var invisible = regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)>|<[^<>]*>`)

// firstWords returns the first words of a text, without HTML tags and line ends.
func firstWords(text string) string {
	words := strings.Join(strings.Fields(invisible.ReplaceAllString(strings.ToValidUTF8(text, ""), " ")), " ")
	if start := []rune(words); len(start) > maxStart {
		return string(start[:maxStart]) + "…"
	}
	return words
}
