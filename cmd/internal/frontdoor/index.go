package frontdoor

import (
	"cmp"
	"io/fs"
	"net/http"
	"strings"

	"github.com/pisano-dev/pisano/adapters/preview"
)

// The marks in index.html around what search engines and messengers read. They are
// directives of nginx, which does the same where it is the front door.
const (
	headMark    = `<!--# block name="head" -->`
	headEndMark = `<!--# endblock -->`
	includeMark = `<!--# include virtual="/page-head$page_address" stub="head" -->`
)

// index is the page itself, around the part of its head that differs between
// addresses.
type index struct {
	before, head, after string
	marked              bool // whether it has the marks
}

// readIndex returns nil if the program was built without the page.
func readIndex(page fs.FS) *index {
	text, err := fs.ReadFile(page, "index.html")
	if err != nil {
		return nil
	}
	before, rest, _ := strings.Cut(string(text), headMark)
	head, rest, _ := strings.Cut(rest, headEndMark)
	between, after, marked := strings.Cut(rest, includeMark)
	if !marked {
		return &index{before: string(text)}
	}
	return &index{before, head, between + after, marked}
}

// handler serves the page with the head of its address, or that of index.html where
// there is no such page.
func (i *index) handler(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if i == nil {
			http.Error(w, "This program was built without the page. To build both, run: make build", http.StatusNotFound)
			return
		}
		head := i.head
		if i.marked {
			head = cmp.Or(preview.Head(r, r.URL.Path), head)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		w.WriteHeader(status)
		// An error means that the client is gone.
		_, _ = w.Write([]byte(i.before + head + i.after))
	}
}
