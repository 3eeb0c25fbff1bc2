package preview

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// typeface is a font, parsed when it is first used.
type typeface func() *opentype.Font

var (
	bold     = parsed(gobold.TTF)
	mono     = parsed(gomono.TTF)
	monoBold = parsed(gomonobold.TTF)
)

func parsed(data []byte) typeface {
	return sync.OnceValue(func() *opentype.Font {
		f, err := opentype.Parse(data)
		if err != nil {
			panic(err) // unreachable: the data is a constant, and tests use all fonts
		}
		return f
	})
}

// face returns a font in a size in pixels. It is for one goroutine.
func (t typeface) face(size float64) font.Face {
	face, err := opentype.NewFace(t(), &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic(err) // unreachable: NewFace returns no error
	}
	return face
}

// canvas is a picture while it is drawn.
type canvas struct{ image *image.RGBA }

// text draws a line of text on a base line and returns where it ends.
func (c *canvas) text(x, y int, size float64, face typeface, ink color.Color, text string) (end int) {
	drawer := font.Drawer{Dst: c.image, Src: image.NewUniform(ink), Face: face.face(size), Dot: fixed.P(x, y)}
	drawer.DrawString(text)
	return drawer.Dot.X.Ceil()
}

// fit draws a grouped number between top and bottom, as large as there is room.
func (c *canvas) fit(x, top, bottom int, number string) {
	for size := 150; ; size -= 2 {
		perLine := int(float64(cardWidth-2*x) / (0.6001 * float64(size))) // all glyphs are 0.6 wide
		lines := wrap(number, perLine)
		height := size * 5 / 4
		if size > 24 && height*len(lines) > bottom-top {
			continue
		}
		for i, line := range lines {
			c.text(x, top+height*i+size, float64(size), monoBold, white, line)
		}
		return
	}
}

// wrap breaks a number after its groups into lines of at most so many characters.
func wrap(number string, perLine int) []string {
	var lines []string
	line := ""
	for group := range strings.SplitAfterSeq(number, ",") {
		if line != "" && len([]rune(line+group)) > perLine {
			lines = append(lines, line)
			line = ""
		}
		line += group
	}
	return append(lines, line)
}

// logo draws the logo, as in web/public/favicon.svg.
func (c *canvas) logo(x, y int, size float64) {
	scale := size / 32
	c.fill(marbleVein, square(float64(x), float64(y), size, 7*scale))
	c.spiral(float64(x)+27.5*scale, float64(y)+23*scale, 1.77*scale, 1.5, white)
}

// point is a point in pixels.
type point struct{ x, y float64 }

// spiral draws the quarter circles through squares with sides 2, 3, 5 and 8, to the
// left and above of (x, y). A side of 1 has unit pixels; the width of the line is in
// units.
func (c *canvas) spiral(x, y, unit, width float64, ink color.Color) {
	for _, arc := range []struct{ x, y, radius, from float64 }{{3, 2, 2, 0}, {3, 3, 3, -1}, {5, 3, 5, -2}, {5, 0, 8, -3}} {
		c.fill(ink, ring(arc.x, arc.y, arc.radius, width, arc.from, func(px, py float64) point {
			return point{x - unit*px, y - unit*py}
		}))
	}
}

// ring returns the outline of a quarter of a ring that begins after so many quarters.
func ring(x, y, radius, width, quarters float64, place func(x, y float64) point) []point {
	const steps = 48
	var outline []point
	at := func(radius float64, step int) {
		// Quarters overlap a little, so that no seam is seen between them.
		angle := (quarters - (float64(step)/steps*1.01 - 0.005)) * math.Pi / 2
		outline = append(outline, place(x+radius*math.Cos(angle), y+radius*math.Sin(angle)))
	}
	for step := range steps + 1 {
		at(radius+width/2, step)
	}
	for step := steps; step >= 0; step-- {
		at(radius-width/2, step)
	}
	return outline
}

// square returns the outline of a square with round corners.
func square(x, y, size, radius float64) []point {
	var outline []point
	for corner, centre := range []point{{x + size - radius, y + size - radius}, {x + radius, y + size - radius}, {x + radius, y + radius}, {x + size - radius, y + radius}} {
		for step := range 13 {
			angle := (float64(corner) + float64(step)/12) * math.Pi / 2
			outline = append(outline, point{centre.x + radius*math.Cos(angle), centre.y + radius*math.Sin(angle)})
		}
	}
	return outline
}

// fill fills an outline.
func (c *canvas) fill(ink color.Color, outline []point) {
	shape := vector.NewRasterizer(cardWidth, cardHeight)
	for i, p := range outline {
		if i == 0 {
			shape.MoveTo(float32(p.x), float32(p.y))
		} else {
			shape.LineTo(float32(p.x), float32(p.y))
		}
	}
	shape.ClosePath()
	shape.DrawOp = draw.Over
	shape.Draw(c.image, c.image.Bounds(), image.NewUniform(ink), image.Point{})
}
