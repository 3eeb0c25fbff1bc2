package pisano_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	pisano "github.com/pisano-dev/pisano/clients/go"
)

// serve starts a server that is not Pisano and returns its address, and a client of it.
func serve(t *testing.T, handler http.HandlerFunc) (string, *pisano.API) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	api, err := pisano.New(server.URL+"/api", pisano.WithRetry(0))
	if err != nil {
		t.Fatal(err)
	}
	return server.URL, api
}

// calls are calls of all operations, by the method of the client.
var calls = map[string]func(context.Context, *pisano.API) error{
	"Submit":      func(ctx context.Context, a *pisano.API) error { _, err := a.Submit(ctx, 1); return err },
	"SubmitAll":   func(ctx context.Context, a *pisano.API) error { _, err := a.SubmitAll(ctx, 1, 2); return err },
	"Wait":        func(ctx context.Context, a *pisano.API) error { _, err := a.Wait(ctx, 1); return err },
	"Estimate":    func(ctx context.Context, a *pisano.API) error { _, err := a.Estimate(ctx, 1); return err },
	"Status":      func(ctx context.Context, a *pisano.API) error { _, err := a.Status(ctx); return err },
	"States":      func(ctx context.Context, a *pisano.API) error { _, err := a.States(ctx, 1, 2); return err },
	"WaitAll":     func(ctx context.Context, a *pisano.API) error { _, err := a.WaitAll(ctx, 1, 2); return err },
	"DigitStream": func(ctx context.Context, a *pisano.API) error { _, err := a.DigitStream(ctx, 1, 0, 1); return err },
	"Digits":      func(ctx context.Context, a *pisano.API) error { _, err := a.Digits(ctx, 1); return err },
	"DigitRange":  func(ctx context.Context, a *pisano.API) error { _, err := a.DigitRange(ctx, 1, 0, 1); return err },
	"Facts":       func(ctx context.Context, a *pisano.API) error { _, err := a.Facts(ctx, big.NewInt(1)); return err },
	"Remainder": func(ctx context.Context, a *pisano.API) error {
		_, err := a.Remainder(ctx, big.NewInt(1), big.NewInt(2))
		return err
	},
	"Period":  func(ctx context.Context, a *pisano.API) error { _, err := a.Period(ctx, big.NewInt(1)); return err },
	"Inverse": func(ctx context.Context, a *pisano.API) error { _, err := a.Inverse(ctx, big.NewInt(1)); return err },
	"InverseOfALongNumber": func(ctx context.Context, a *pisano.API) error {
		_, err := a.Inverse(ctx, new(big.Int).Lsh(big.NewInt(1), 4000))
		return err
	},
	"Zeckendorf": func(ctx context.Context, a *pisano.API) error { _, err := a.Zeckendorf(ctx, big.NewInt(1)); return err },
	"Numbers": func(ctx context.Context, a *pisano.API) (last error) {
		for _, last = range a.Numbers(ctx, 0, 9) {
		}
		return last
	},
	"Indices": func(ctx context.Context, a *pisano.API) (last error) {
		for _, last = range a.Indices(ctx) {
		}
		return last
	},
	"Values": func(ctx context.Context, a *pisano.API) (last error) {
		for _, last = range a.Values(ctx) {
		}
		return last
	},
	"Events": func(ctx context.Context, a *pisano.API) (last error) {
		for _, last = range a.Events(ctx) {
		}
		return last
	},
	"GetHealth":    func(ctx context.Context, a *pisano.API) error { _, err := a.GetHealthWithResponse(ctx); return err },
	"GetReadiness": func(ctx context.Context, a *pisano.API) error { _, err := a.GetReadinessWithResponse(ctx); return err },
	"GetValue": func(ctx context.Context, a *pisano.API) error {
		_, err := a.GetValueWithResponse(ctx, 1, nil)
		return err
	},
	"HeadDigits": func(ctx context.Context, a *pisano.API) error {
		_, err := a.HeadDigitsWithResponse(ctx, 1, nil)
		return err
	},
}

const loginPage = "<!doctype html>\n<html><head><title>Sign in</title><style>b{}</style><script>go(\"<b>\")</script></head>\n<body>to the <b>airport's</b>\n network</body></html>"

// foreignAnswers are handlers whose answers are not from Pisano, each with what the error must say about them.
var foreignAnswers = map[string]struct {
	answer      http.HandlerFunc
	path        string // that answers after redirects; empty if there is none
	contentType string
	start       string
}{
	"a page": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(loginPage))
	}, "", "text/html", "Sign in to the airport's network"},
	"a redirect to a page": {func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/login" {
			http.Redirect(w, r, "/login?next=secret", http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(loginPage))
	}, "/login", "text/html", "Sign in to the airport's network"},
	"an empty body": {func(http.ResponseWriter, *http.Request) {}, "", "", ""},
	"no content": {func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}, "", "", ""},
	"JSON of another service": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"name": "other",` + "\n" + ` "version": 2}`))
	}, "", "application/json", `{"name": "other", "version": 2}`},
	"a list in JSON": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`[]`))
	}, "", "application/json", "[]"},
	"JSON that is cut off": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"index": 1, "state": "pend`))
	}, "", "application/json", `{"index": 1, "state": "pend`},
	"a long text": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write([]byte(strings.Repeat("é", 100_000)))
	}, "", "application/octet-stream", strings.Repeat("é", 100) + "…"},
}

func TestForeignAnswer_IsDescribedByItsError(t *testing.T) {
	t.Parallel()
	for answer, row := range foreignAnswers {
		for operation, call := range calls {
			t.Run(operation+" gets "+answer, func(t *testing.T) {
				t.Parallel()
				url, api := serve(t, row.answer)
				err := call(callContext(t), api)
				var foreign *pisano.ForeignAnswerError
				if !errors.As(err, &foreign) {
					t.Fatalf("%v", err)
				}
				if !strings.HasPrefix(foreign.URL, url+"/") || row.path != "" && foreign.URL != url+row.path || strings.Contains(err.Error(), "secret") {
					t.Errorf("the answer is from %s", foreign.URL)
				}
				start := row.start
				if operation == "HeadDigits" {
					start = ""
				}
				if foreign.ContentType != row.contentType || foreign.Start != start || !strings.HasPrefix(foreign.Status, "20") {
					t.Errorf("the error is %+v", foreign)
				}
				for _, part := range []string{foreign.URL, foreign.Status, foreign.ContentType} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("the error does not contain %q: %v", part, err)
					}
				}
			})
		}
	}
}

// A redirect that turns POST into GET turns a submission into a listing.
func TestSubmit_AnswerToAnotherSubmissionIsAnError(t *testing.T) {
	t.Parallel()
	seen := func(n int) string {
		return fmt.Sprintf(`{"index": %d, "state": "pending", "submissions": 1, "firstSeenAt": "2026-01-01T00:00:00Z", "lastSeenAt": "2026-01-01T00:00:00Z"}`, n)
	}
	for name, handler := range map[string]http.HandlerFunc{
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v2/indices" {
				http.Redirect(w, r, "/v2/indices", http.StatusMovedPermanently)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"items": []}`))
		},
		"a list": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"items": [` + seen(1) + `]}`))
		},
		"another": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"index": 8, "state": "pending", "items": [` + seen(8) + `]}`))
		},
	} {
		_, api := serve(t, handler)
		if s, err := api.Submit(t.Context(), 0); err == nil {
			t.Errorf("%s: submitted %+v", name, s)
		}
		if s, err := api.SubmitAll(t.Context(), 1, 2); err == nil {
			t.Errorf("%s: submitted %+v", name, s)
		}
	}
}

// A 308 redirect keeps the method and the body.
func TestSubmit_FollowsARedirectThatKeepsTheBody(t *testing.T) {
	t.Parallel()
	server, _ := start(t)
	_, api := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, server.url+r.URL.Path, http.StatusPermanentRedirect)
	})
	if seen, err := api.Submit(t.Context(), 10); err != nil || seen.Index != 10 {
		t.Errorf("%+v, %v", seen, err)
	}
	if value, err := api.Wait(t.Context(), 10); err != nil || value.Value != "55" {
		t.Errorf("%+v, %v", value, err)
	}
}

func TestProblem_JSONErrorOfAnotherServiceIsOne(t *testing.T) {
	t.Parallel()
	for operation, call := range calls {
		if operation == "GetReadiness" {
			continue // its answer is JSON even if the server is not ready
		}
		_, api := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"detail": "Not Found"}`))
		})
		var p *pisano.ProblemError
		if err := call(callContext(t), api); !errors.As(err, &p) || p.Kind != pisano.ProblemKindNotFound || p.Status != 404 {
			t.Errorf("%s: %v", operation, err)
		}
	}
}

func TestRetryAfter_IsSecondsOrADate(t *testing.T) {
	t.Parallel()
	const date = "Sun, 06 Nov 1994 08:49:37 GMT" // by the clock of the server
	for given, want := range map[string]time.Duration{
		"3": 3 * time.Second, "0": 0, "120": 2 * time.Minute, "007": 7 * time.Second,
		"Sun, 06 Nov 1994 08:50:07 GMT":  30 * time.Second,
		"Sunday, 06-Nov-94 08:50:07 GMT": 30 * time.Second,
		"Sun Nov  6 08:50:07 1994":       30 * time.Second,
		date:                             0,
		"Sun, 06 Nov 1994 08:00:00 GMT":  0, // in the past
		"Mon, 06 Nov 2023 08:49:37 GMT":  time.Hour,
		"99999999":                       time.Hour,
		"99999999999999999999999":        time.Hour,
		"":                               0, "soon": 0, "-5": 0, "+5": 0, "1.5": 0, "3 seconds": 0, "0x10": 0, "1e3": 0,
		"Sun, 06 Nov 1994 08:50:07": 0, "1994-11-06T08:50:07Z": 0, "Sun, 99 Nov 1994 08:50:07 GMT": 0,
	} {
		_, api := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", date)
			w.Header().Set("Retry-After", given)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		var p *pisano.ProblemError
		if _, err := api.Submit(t.Context(), 1); !errors.As(err, &p) || p.RetryAfter != want {
			t.Errorf("Retry-After: %s is %v, want %v", given, p, want)
		}
	}
	// Without a Date in the answer, the clock of the client is used.
	_, api := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		w.Header().Set("Retry-After", time.Now().Add(10*time.Minute).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	var p *pisano.ProblemError
	if _, err := api.Submit(t.Context(), 1); !errors.As(err, &p) || p.RetryAfter < 8*time.Minute || p.RetryAfter > 10*time.Minute {
		t.Errorf("by the clock of the client: %v, %+v", err, p)
	}
}
