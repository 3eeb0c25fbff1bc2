package httpapi

import (
	"net/http"
	"strings"
	"testing"
)

// headerOf returns the header of fields, each as "Name: value".
func headerOf(fields ...string) http.Header {
	header := make(http.Header)
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		header.Add(name, value)
	}
	return header
}

func TestPrecondition_IsEvaluatedInTheOrderOfTheRFC(t *testing.T) {
	t.Parallel()
	const tag = `"1000-digits"`
	for _, test := range []struct {
		want   int
		fields []string
	}{
		{200, nil},
		{200, []string{"If-Match: " + tag}},
		{200, []string{"If-Match: *"}},
		{200, []string{`If-Match: "other", ` + tag}},
		{200, []string{`If-Match: "other"`, "If-Match: " + tag}},
		{200, []string{`If-Match: W/"other" ,, ` + tag + " "}},
		{200, []string{`If-Match: "a,b", ` + tag}},
		{200, []string{"If-Match: "}},
		{412, []string{`If-Match: "other"`}},
		{412, []string{"If-Match: *x"}},
		{200, []string{"If-None-Match: *x"}},
		{304, []string{"If-None-Match: * ,"}},
		{412, []string{"If-Match: W/" + tag}}, // the strong comparison
		{412, []string{"If-Match: 1000-digits"}},
		{412, []string{"If-Match: w/" + tag}},
		{412, []string{`If-Match: "x` + tag}},
		{412, []string{"If-Match: x, " + tag}}, // malformed before the tag

		{304, []string{"If-None-Match: " + tag}},
		{304, []string{"If-None-Match: W/" + tag}}, // the weak comparison
		{304, []string{"If-None-Match: *"}},
		{304, []string{`If-None-Match: "other", W/"another",` + tag}},
		{304, []string{`If-None-Match: "other"`, "If-None-Match: " + tag}},
		{200, []string{`If-None-Match: "other"`}},
		{200, []string{`If-None-Match: "OTHER", 1000-digits`}},
		{200, []string{`If-None-Match: "1000-digits`}},
		{200, []string{`If-None-Match: W/`}},
		{200, []string{`If-None-Match: "`}},

		{304, []string{"If-Match: " + tag, "If-None-Match: " + tag}},
		{412, []string{`If-Match: "other"`, "If-None-Match: " + tag}},
		{412, []string{`If-Match: "other"`, "If-None-Match: *"}},

		// There is no modification date to compare with.
		{200, []string{"If-Modified-Since: Sat, 14 Mar 2026 15:09:26 GMT"}},
		{200, []string{"If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT"}},
		{200, []string{`If-None-Match: "other"`, "If-Modified-Since: Sat, 14 Mar 2099 15:09:26 GMT"}},
		{304, []string{"If-None-Match: " + tag, "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"}},
	} {
		if got := evaluatePreconditions(headerOf(test.fields...), tag); got != test.want {
			t.Errorf("%q: %d, want %d", test.fields, got, test.want)
		}
	}
}

func TestPrecondition_LetsARangeApplyForTheStrongETagOnly(t *testing.T) {
	t.Parallel()
	const tag = `"1000-digits"`
	for field, want := range map[string]bool{
		"":                              true,
		tag:                             true,
		"W/" + tag:                      false,
		`"other"`:                       false,
		"*":                             false,
		"1000-digits":                   false,
		tag + `, "other"`:               false,
		"Sat, 14 Mar 2026 15:09:26 GMT": false,
	} {
		if got := rangeApplies(headerOf("If-Range: "+field), tag); got != want {
			t.Errorf("If-Range: %s: %v, want %v", field, got, want)
		}
	}
}
