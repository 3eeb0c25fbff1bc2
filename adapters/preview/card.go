package preview

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"strings"
)

// The size of a picture that messengers show in full width.
const (
	cardWidth  = 1200
	cardHeight = 630
	cardMargin = 80
)

// The colours of the marble: web/src/theme/global.css.
var (
	marbleDark  = color.RGBA{0x15, 0x5a, 0x3b, 0xff}
	marbleVein  = color.RGBA{0x1f, 0x6a, 0x48, 0xff}
	marbleLight = color.RGBA{0xb2, 0xd8, 0xc3, 0xff}
	white       = color.RGBA{0xff, 0xff, 0xff, 0xff}
)

func (h *handler) serveSiteCard(w http.ResponseWriter, r *http.Request) {
	h.serveCard(w, r, func(c *canvas) {
		c.logo(cardMargin, 60, 64)
		c.text(cardMargin, 330, 120, bold, white, siteName)
		c.text(cardMargin, 410, 46, bold, marbleLight, "Any Fibonacci number, every digit")
		c.text(cardMargin, cardHeight-60, 34, mono, marbleLight, "0 1 1 2 3 5 8 13 21 34 55 89 144 …")
	})
}

func (h *handler) serveNumberCard(w http.ResponseWriter, r *http.Request) {
	text, found := strings.CutSuffix(r.PathValue("file"), ".png")
	term, valid := parseTerm(text)
	if !found || !valid {
		nothing(w)
		return
	}
	f, err := numberOf(r.Context(), term)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.serveCard(w, r, f.draw)
}

// draw draws the number as its page shows it.
func (f number) draw(c *canvas) {
	c.logo(cardMargin, 60, 64)
	c.text(cardMargin+84, 108, 44, bold, white, siteName)
	c.text(cardMargin, 220, 50, mono, marbleLight, f.name+" =")
	if f.whole != "" {
		c.fit(cardMargin, 240, cardHeight-130, f.minus+f.whole)
	} else {
		c.text(cardMargin, 330, 84, monoBold, white, f.mantissa(16))
		end := c.text(cardMargin, 440, 84, monoBold, white, "× 10")
		c.text(end, 400, 52, monoBold, white, f.exponent())
	}
	c.text(cardMargin, cardHeight-60, 38, bold, marbleLight, f.length())
}

func (h *handler) serveCard(w http.ResponseWriter, r *http.Request, draw func(*canvas)) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-r.Context().Done():
		return
	}
	c := newCanvas()
	draw(c)
	var picture bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&picture, c.image); err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", immutable)
	// An error means that the client is gone.
	_, _ = w.Write(picture.Bytes())
}

// newCanvas returns a card with the spiral of the logo in the background.
func newCanvas() *canvas {
	c := &canvas{image: image.NewRGBA(image.Rect(0, 0, cardWidth, cardHeight))}
	draw.Draw(c.image, c.image.Bounds(), image.NewUniform(marbleDark), image.Point{}, draw.Src)
	c.spiral(cardWidth+40, cardHeight+20, 80, 0.2, marbleVein)
	return c
}
