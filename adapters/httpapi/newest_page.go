package httpapi

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
)

const (
	// pageAge is how long the newest page of a list may be shared, if this process
	// hears of no change. Changes by other processes are heard of by events, which
	// may be late or lost.
	pageAge = 100 * time.Millisecond
	// pageTimeout bounds how long one caller reads for others.
	pageTimeout = 5 * time.Second
	// maxPages bounds how many pages of different limits are kept.
	maxPages = 8
)

// noWait is a context that has ended: a list can be read before the first
// subscription to events is established, and is then read again.
var noWait = func() context.Context {
	ctx, end := context.WithCancel(context.Background())
	end()
	return ctx
}()

// newestPages shares the newest page of a list, encoded, among all who request it
// with the same limit. A page that is requested after an event was received, or
// after a submission was answered, is read after that. At most one call reads the
// page at a time, however fast events arrive.
type newestPages struct {
	read    func(ctx context.Context, limit int) (link string, body any, err error)
	watch   func(context.Context) *core.Watcher
	changes func(core.EventKind) bool // whether an event changes the list

	mu     sync.Mutex
	events *core.Watcher
	pages  map[int]*newestPage // by limit
}

// newestPage is a page that one caller reads and others wait for.
type newestPage struct {
	begun   time.Time     // its reading
	changed bool          // whether the list has changed since; under the mutex of newestPages
	done    chan struct{} // closed once the fields below are set
	link    string
	body    []byte // nil if it could not be read
}

// answer is a middleware of the operation that lists. It answers a request for the
// newest page, and leaves everything else to the operation, errors included.
func (p *newestPages) answer(hc huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(hc)
	limit, ok := limitOnly(r.URL.RawQuery)
	if !ok {
		next(hc)
		return
	}
	page := p.get(r.Context(), limit)
	if page == nil || page.body == nil {
		next(hc)
		return
	}
	if page.link != "" {
		w.Header()["Link"] = []string{page.link}
	}
	writeJSON(w, page.body)
}

// limitOnly parses a query that has a valid limit, or nothing.
func limitOnly(query string) (limit int, ok bool) {
	if query == "" {
		return defaultLimit, true
	}
	text, ok := strings.CutPrefix(query, "limit=")
	limit, err := strconv.Atoi(text)
	return limit, ok && err == nil && strconv.Itoa(limit) == text && 1 <= limit && limit <= maxLimit
}

// get returns the page, nil if ctx has ended.
func (p *newestPages) get(ctx context.Context, limit int) *newestPage {
	for {
		page, mine, current := p.take(limit)
		if mine {
			p.fill(ctx, page, limit)
			return page
		}
		select {
		case <-page.done:
		case <-ctx.Done():
			return nil
		}
		if current {
			return page
		}
	}
}

// take returns the latest page. If it is mine, the caller must fill it. Otherwise
// another caller has done so or is about to; that may have begun too early for the
// page to be current.
func (p *newestPages) take(limit int) (page *newestPage, mine, current bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.followEvents()
	if page = p.pages[limit]; page != nil {
		current = !page.changed && time.Since(page.begun) < pageAge
		select {
		case <-page.done:
			current = current && page.body != nil
		default:
			return page, false, current
		}
		if current {
			return page, false, true
		}
	}
	if p.pages == nil || len(p.pages) >= maxPages {
		p.pages = make(map[int]*newestPage)
	}
	page = &newestPage{begun: time.Now(), done: make(chan struct{})}
	p.pages[limit] = page
	return page, true, true
}

// fill reads a page.
func (p *newestPages) fill(ctx context.Context, page *newestPage, limit int) {
	defer close(page.done)
	// Others wait for the result, too: it must not end with this caller.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pageTimeout)
	defer cancel()
	link, body, err := p.read(ctx, limit)
	if err != nil {
		return
	}
	page.link, page.body = link, encodeJSON(body)
}

// renew has all pages read again that are requested from now on.
func (p *newestPages) renew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change()
}

// change notes that the list has changed; p.mu is held.
func (p *newestPages) change() {
	for _, page := range p.pages {
		page.changed = true
	}
}

// followEvents notes what events tell; p.mu is held.
func (p *newestPages) followEvents() {
	if p.events == nil {
		p.events = p.watch(noWait)
	}
	for {
		select {
		case <-p.events.Ready():
		default:
			return
		}
		e, open := p.events.Next()
		if !open { // events may be missing
			p.events = p.watch(noWait)
			p.change()
			return
		}
		if p.changes(e.Kind) {
			p.change()
		}
	}
}
