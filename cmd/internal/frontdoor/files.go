package frontdoor

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// encodings are the content codings of the files that the build of the page writes
// beside others (web/vite/compress.ts), by the suffixes of their names; the smallest
// comes first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// file is a file of the page in each encoding that it has. The one that is
// preferred comes first, the file as it is comes last.
type file []form

// form is a file of the page in one encoding, which is "identity" for the file as
// it is.
type form struct {
	name, encoding, etag string
	size                 int
}

// readFiles returns the files of the page by their names, without index.html.
// Files that are another one, compressed, have no names of their own.
func readFiles(page fs.FS) map[string]file {
	forms := make(map[string]form)
	err := fs.WalkDir(page, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(page, name)
		hash := sha256.Sum256(content)
		forms[name] = form{name, "identity", `"` + hex.EncodeToString(hash[:12]) + `"`, len(content)}
		return err
	})
	if err != nil {
		panic(err) // unreachable: the files are part of the program
	}
	delete(forms, "index.html")
	files := make(map[string]file)
	for name, plain := range forms {
		if isCompressed(name, forms) {
			continue
		}
		var f file
		for _, encoding := range encodings {
			if compressed, ok := forms[name+encoding.suffix]; ok {
				compressed.encoding = encoding.name
				f = append(f, compressed)
			}
		}
		files[name] = append(f, plain)
	}
	return files
}

func isCompressed(name string, forms map[string]form) bool {
	for _, encoding := range encodings {
		if base, ok := strings.CutSuffix(name, encoding.suffix); ok {
			_, ok = forms[base]
			return ok
		}
	}
	return false
}

// serve serves the file in the encoding that the client likes best.
func (f file) serve(w http.ResponseWriter, r *http.Request, page fs.FS) {
	header := w.Header()
	plain, chosen := f[len(f)-1], f.choose(strings.Join(r.Header.Values("Accept-Encoding"), ","))
	// The names of assets change with their content.
	if strings.HasPrefix(plain.name, "assets/") {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if len(f) > 1 {
		header.Set("Vary", "Accept-Encoding")
	}
	header.Set("ETag", chosen.etag)
	if chosen != plain {
		header.Set("Content-Encoding", chosen.encoding)
		// ServeContent leaves the length of what is encoded to its caller. A failed
		// precondition has no content.
		if r.Header.Get("If-Match") == "" {
			header.Set("Content-Length", strconv.Itoa(chosen.size))
		}
	}
	content, err := http.FS(page).Open(chosen.name)
	if err != nil {
		panic(err) // unreachable: the files are part of the program
	}
	defer func() { _ = content.Close() }()
	http.ServeContent(w, r, plain.name, time.Time{}, content)
}

// choose returns the form that has the greatest weight in an Accept-Encoding, and of
// those the first one. What accepts none of them gets the file as it is.
func (f file) choose(accepted string) form {
	best, greatest := f[len(f)-1], 0.0
	for _, form := range f {
		if weight := weightOf(form.encoding, accepted); weight > greatest {
			best, greatest = form, weight
		}
	}
	return best
}

// weightOf returns the weight (RFC 9110, 12.4.2) that an Accept-Encoding gives to an
// encoding, by its name or by "*", and 0 if it does not accept it.
func weightOf(encoding, accepted string) float64 {
	others := 0.0
	for item := range strings.SplitSeq(accepted, ",") {
		name, parameter, weighted := strings.Cut(item, ";")
		weight := 1.0
		if weighted {
			_, value, _ := strings.Cut(parameter, "=")
			// What is not a number counts as 0.
			weight, _ = strconv.ParseFloat(strings.TrimSpace(value), 64)
		}
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, encoding):
			return weight
		case name == "*":
			others = weight
		}
	}
	return others
}
