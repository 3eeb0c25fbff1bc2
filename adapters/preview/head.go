package preview

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// page is what the head of a page says of it.
type page struct {
	tab                string // the title in the tab of a browser, which the page itself sets as well
	title, description string
	card, alt          string // the picture: its address, and what it shows
}

const (
	siteName  = "Pisano"
	siteTitle = "Pisano: any Fibonacci number, every digit"
	siteCard  = CardPrefix + "pisano.png"
)

// pages are the pages that are not about one number.
var pages = map[string]page{
	"/": {siteName, siteTitle, "Any Fibonacci number, every digit: enter an index, watch it being calculated, look at the number.", siteCard, siteTitle},
	"/explore": {"Explore · " + siteName, "Explore the Fibonacci numbers", "The Fibonacci numbers as a spiral of squares, as a table, and how their ratios approach the golden ratio.",
		siteCard, siteTitle},
	"/table":     {"Table · " + siteName, "A table of Fibonacci numbers", "Fibonacci numbers one below the other, with their digits and ratios, to be copied, printed or saved as CSV.", siteCard, siteTitle},
	"/otherpage": {"How it works · " + siteName, "How Pisano works", "The path of an index through browser, server, queue and worker, as it happens.", siteCard, siteTitle},
}

// Head returns the elements of HTML that the head of a page has for search engines
// and messengers, or "" if path is the address of no page. The request tells under
// which name the site was reached.
func Head(r *http.Request, path string) string {
	path = "/" + strings.Trim(path, "/")
	p, found := pages[path]
	if !found {
		p, found = modulusPage(path)
	}
	if !found {
		p, found = numberPage(r.Context(), path)
	}
	if !found {
		return ""
	}
	origin := originOf(r)
	var b strings.Builder
	property := func(kind, name, content string) {
		fmt.Fprintf(&b, "    <meta %s=\"%s\" content=\"%s\" />\n", kind, name, html.EscapeString(content))
	}
	property("name", "description", p.description)
	property("property", "og:site_name", siteName)
	property("property", "og:type", "website")
	property("property", "og:title", p.title)
	property("property", "og:description", p.description)
	property("property", "og:url", origin+path)
	property("property", "og:image", origin+p.card)
	property("property", "og:image:type", "image/png")
	property("property", "og:image:width", strconv.Itoa(cardWidth))
	property("property", "og:image:height", strconv.Itoa(cardHeight))
	property("property", "og:image:alt", p.alt)
	property("name", "twitter:card", "summary_large_image")
	fmt.Fprintf(&b, "    <link rel=\"canonical\" href=\"%s\" />\n", html.EscapeString(origin+path))
	fmt.Fprintf(&b, "    <title>%s</title>\n", html.EscapeString(p.tab))
	return b.String()
}

// moduli matches the addresses of Pisano wheels and periods, of moduli up to 10^30.
var moduli = regexp.MustCompile(`^/pisano/([1-9][0-9]{0,29}|10{30})$`)

// maxWheel is the largest modulus that has a wheel. The page shows the period alone of a
// larger one.
const maxWheel = 1<<53 - 1

func modulusPage(path string) (page, bool) {
	found := moduli.FindStringSubmatch(path)
	if found == nil {
		return page{}, false
	}
	modulus := grouped(found[1])
	title := "Pisano wheel of " + modulus
	description := "The Fibonacci numbers modulo " + modulus + " as lines between the points of a circle, with their period and what it follows from."
	if m, err := strconv.ParseUint(found[1], 10, 64); err != nil || m > maxWheel {
		title = "Pisano period of " + modulus
		description = "After how many steps the Fibonacci numbers modulo " + modulus + " repeat, and what that follows from."
	}
	return page{title + " · " + siteName, title, description, siteCard, siteTitle}, true
}

func numberPage(ctx context.Context, path string) (page, bool) {
	text, found := strings.CutPrefix(path, "/values/")
	term, valid := parseTerm(text)
	if !found || !valid {
		return page{}, false
	}
	f, err := numberOf(ctx, term)
	if err != nil {
		return page{}, false
	}
	return page{f.title() + " · " + siteName, f.title(), f.description(), CardPrefix + "values/" + text + ".png", f.title()}, true
}

// hosts matches the names of hosts. Others are not repeated.
var hosts = regexp.MustCompile(`^[0-9A-Za-z.-]+(:[0-9]+)?$|^\[[0-9A-Fa-f:.]+\](:[0-9]+)?$`)

// originOf returns scheme and host under which the client knows the site, "" if the
// host is not a valid one: addresses are relative then.
func originOf(r *http.Request) string {
	if !hosts.MatchString(r.Host) {
		return ""
	}
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (h *handler) serveHead(w http.ResponseWriter, r *http.Request) {
	head := Head(r, r.PathValue("page"))
	if head == "" {
		nothing(w)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store") // it repeats the host
	// An error means that the client is gone.
	_, _ = w.Write([]byte(head))
}
