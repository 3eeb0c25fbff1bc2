package preview

import (
	"fmt"
	"html"
	"net/http"
	"strings"
)

// embedStyle has the colours of the page: web/src/theme/global.css.
const embedStyle = `
:root { color-scheme: light dark; --page: #ffffff; --line: #dde4df; --text: #16211b; --muted: #55635b; --good: #1a6644; }
@media (prefers-color-scheme: dark) { :root { --page: #19221e; --line: #2c3832; --text: #e3e9e5; --muted: #a3b0a9; --good: #7cc49e; } }
* { box-sizing: border-box; margin: 0; }
html { height: 100%; }
body { background: var(--page); border: 1px solid var(--line); border-radius: 12px; color: var(--text); display: flex; flex-direction: column;
  font: 16px/1.4 system-ui, sans-serif; gap: 8px; justify-content: center; min-height: 100%; padding: 16px 20px; }
h1, .number { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
h1 { color: var(--good); font-size: 1.125rem; font-weight: 600; }
.number { font-size: clamp(1.25rem, 6vw, 2.25rem); font-weight: 600; line-height: 1.25; }
.number[data-long] { font-size: clamp(1rem, 3.5vw, 1.375rem); }
.power { white-space: nowrap; }
sup { font-size: 0.62em; line-height: 0; }
footer { color: var(--muted); display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: space-between; }
a { color: var(--good); }
a:focus-visible { outline: 2px solid; outline-offset: 2px; }
`

// serveEmbed serves the page of a number for frames on other sites: the number and
// a link, without scripts.
func (h *handler) serveEmbed(w http.ResponseWriter, r *http.Request) {
	term, valid := parseTerm(r.PathValue("index"))
	if !valid {
		nothing(w)
		return
	}
	f, err := numberOf(r.Context(), term)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", EmbedSecurityPolicy)
	header.Set("Cache-Control", daily)
	// An error means that the client is gone.
	_, _ = fmt.Fprintf(w, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>%[1]s · Pisano</title>
<style>%[2]s</style>
</head>
<body>
<main>
<h1>%[3]s =</h1>
%[4]s
</main>
<footer><span>%[5]s</span> <a href="/values/%[6]s" target="_blank" rel="noopener">%[3]s on Pisano</a></footer>
</body>
</html>
`, html.EscapeString(f.title()), embedStyle, html.EscapeString(f.name), f.asHTML(), html.EscapeString(f.length()), f.index)
}

// asHTML returns the number as its page shows it: whole, to be broken after each
// group, or in scientific notation.
func (f number) asHTML() string {
	switch {
	case f.whole == "":
		return fmt.Sprintf(`<p class="number">%s <span class="power">× 10<sup>%s</sup></span></p>`, f.mantissa(16), f.exponent())
	case len(f.whole) > 40:
		return `<p class="number" data-long>` + f.minus + strings.ReplaceAll(f.whole, ",", ",<wbr>") + `</p>`
	}
	return `<p class="number">` + f.minus + strings.ReplaceAll(f.whole, ",", ",<wbr>") + `</p>`
}
