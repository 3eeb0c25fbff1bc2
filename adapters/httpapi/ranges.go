package httpapi

import (
	"context"
	"fmt"
	"iter"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

// Number is a row of a range of numbers.
type Number struct {
	Index      int64    `json:"index" minimum:"-9007199254740991" maximum:"9007199254740991" example:"10"`
	Value      string   `json:"value" pattern:"^-?[0-9]+$" example:"55"`
	DigitCount int64    `json:"digitCount" minimum:"1" example:"2" doc:"The number of decimal digits, without the sign."`
	Ratio      *float64 `json:"ratio" nullable:"true" example:"1.6176470588235294" doc:"F(n)/F(n−1), or null if F(n−1) is 0."`
}

type rangeInput struct {
	From   int64  `query:"from" required:"true" minimum:"-9007199254740991" maximum:"9007199254740991" example:"0" doc:"The first index."`
	To     int64  `query:"to" required:"true" minimum:"-9007199254740991" maximum:"9007199254740991" example:"100" doc:"The last index."`
	Accept string `header:"Accept" example:"text/csv" doc:"application/json, application/x-ndjson or text/csv; JSON if it is none of these."`
}

const (
	// maxRangeDigits bounds the digits of a range.
	maxRangeDigits = 10_000_000
	// maxRanges bounds the ranges that are sent at a time. Each takes up to 17 MB of
	// memory.
	maxRanges = 32
)

func (a *api) registerRanges(routes huma.API) {
	row := routes.OpenAPI().Components.Schemas.Schema(typeOf[Number](), true, "")
	register(routes, huma.Operation{
		OperationID: "listNumbers", Method: http.MethodGet, Path: "/numbers", Tags: []string{"explorer"},
		Summary:     "The numbers of a range of indices",
		Description: "All digits of F(from) to F(to), at most 10,000,000 in all, streamed in the media type that Accept prefers. CSV has a line of names first. Nothing is recorded, and the answer never changes.",
		Responses: map[string]*huma.Response{"200": {
			Description: "The numbers, in ascending order of the index.",
			Headers:     map[string]*huma.Param{"Vary": {Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{"Accept"}}}},
			Content: map[string]*huma.MediaType{
				"application/json":     {Schema: &huma.Schema{Type: huma.TypeArray, Items: row}},
				"application/x-ndjson": {Schema: &huma.Schema{Type: huma.TypeString, Description: "A number in JSON on each line."}},
				"text/csv":             {Schema: &huma.Schema{Type: huma.TypeString, Description: "The columns n, F(n), digits, ratio."}},
			},
		}},
	}, a.listNumbers, http.StatusUnprocessableEntity, http.StatusTooManyRequests)
}

func (a *api) listNumbers(ctx context.Context, in *rangeInput) (*streamOutput, error) {
	from, to := core.Index(in.From), core.Index(in.To)
	if from > to {
		return nil, a.fail(ctx, &core.Error{Kind: core.KindInvalid, Field: "index", Message: "A range must not end before it begins."}, "query.from")
	}
	if err := checkRangeDigits(from, to); err != nil {
		return nil, a.fail(ctx, err, "query.to")
	}
	terms, err := explore(ctx, a, map[string]string{"index": "query.from"}, func(ctx context.Context) (iter.Seq2[core.Index, decimal.Int], error) {
		return calculator.Range(ctx, from, to)
	})
	if err != nil {
		return nil, err
	}
	submitter := submitterOf(ctx)
	if !a.ranges.take(submitter) {
		return nil, a.fail(ctx, core.NewError(core.KindOverloaded, "Too many answers are being sent. Try again in a moment."), "")
	}
	form := rowForms[preferredType(in.Accept)]
	return &streamOutput{Body: func(hc huma.Context) {
		defer a.ranges.free(submitter)
		hc.SetHeader("Content-Type", form.contentType)
		hc.SetHeader("Cache-Control", cacheImmutable+", "+noTransform)
		hc.SetHeader("Vary", "Accept")
		writeRows(hc, form, terms.Body, a.explorer, submitter)
	}}, nil
}

// checkRangeDigits refuses a range with too many digits, before any is calculated.
func checkRangeDigits(from, to core.Index) error {
	digits := int64(0)
	for n := from; n <= to; n++ {
		if digits += fibonacci.DigitCount(n); digits > maxRangeDigits {
			return &core.Error{Kind: core.KindTooLarge, Field: "index",
				Message: fmt.Sprintf("The numbers from F(%d) to F(%d) have more than %d digits in all. Ask for a smaller range.", from, to, maxRangeDigits)}
		}
	}
	return nil
}

// rowForm is how rows are written in a media type.
type rowForm struct {
	contentType           string
	begin, between, after string
	row                   func(dst []byte, n core.Index, value string, digits int64, ratio string) []byte
}

const (
	typeJSON = iota
	typeNDJSON
	typeCSV
)

// rowForms are the media types of ranges, the default first.
var rowForms = [...]rowForm{
	typeJSON:   {"application/json", "[", ",\n", "]\n", appendJSON},
	typeNDJSON: {"application/x-ndjson", "", "\n", "\n", appendJSON},
	typeCSV:    {"text/csv; charset=utf-8; header=present", "n,F(n),digits,ratio\r\n", "\r\n", "\r\n", appendCSV},
}

func appendJSON(dst []byte, n core.Index, value string, digits int64, ratio string) []byte {
	if ratio == "" {
		ratio = "null"
	}
	return fmt.Appendf(dst, `{"index":%d,"value":"%s","digitCount":%d,"ratio":%s}`, n, value, digits, ratio)
}

func appendCSV(dst []byte, n core.Index, value string, digits int64, ratio string) []byte {
	return fmt.Appendf(dst, "%d,%s,%d,%s", n, value, digits, ratio)
}

// preferredType returns the media type of rowForms that an Accept field prefers, the
// first of several and if there is none.
func preferredType(accept string) int {
	best, quality := typeJSON, 0.0
	for i, form := range rowForms {
		name, _, _ := strings.Cut(form.contentType, ";")
		if q := qualityOf(accept, name); q > quality {
			best, quality = i, q
		}
	}
	return best
}

// qualityOf returns the weight that an Accept field gives a media type, by the most
// specific range that matches: RFC 9110, section 12.5.1.
func qualityOf(accept, mediaType string) float64 {
	kind, _, _ := strings.Cut(mediaType, "/")
	specific, quality := -1, 0.0
	for field := range fromLast(accept, ',') { // a comma within quotes does not separate
		name, parameters, err := mime.ParseMediaType(field)
		if err != nil {
			continue
		}
		level := map[string]int{"*/*": 0, kind + "/*": 1, mediaType: 2}
		if l, matches := level[name]; matches && l > specific {
			specific, quality = l, 1
			if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil && q >= 0 && q <= 1 {
				quality = q
			}
		}
	}
	return quality
}

// writeRows writes the numbers. It holds a processor of the budget while it
// calculates, and none while it writes. If the client leaves or is too slow, it
// aborts the response.
func writeRows(hc huma.Context, form rowForm, terms iter.Seq2[core.Index, decimal.Int], explorer *budget, submitter string) {
	_, w := humago.Unwrap(hc)
	calculating := false
	take := func() {
		if explorer.take(hc.Context(), submitter) != nil {
			abort()
		}
		calculating = true
	}
	give := func() {
		if calculating {
			explorer.give()
		}
		calculating = false
	}
	defer give() // after a panic
	write := func(text []byte) {
		give()
		if writeInTime(w, text) != nil {
			abort()
		}
	}
	take()
	text, separator := []byte(form.begin), ""
	for n, number := range terms {
		// Before the next row and not after the last one, so that no processor is
		// taken for nothing at the end.
		if len(text) >= chunkDigits {
			write(text)
			text = text[:0]
			take()
		}
		text = append(text, separator...)
		text = form.row(text, n, number.String(), number.Abs().DigitCount(), ratioText(n))
		separator = form.between
	}
	write(append(text, form.after...))
}

// ratioText returns F(n)/F(n−1) as the closest float64, or "" for n = 1.
func ratioText(n core.Index) string {
	const limit = 45 // beyond, the ratio is φ or −1/φ to the last bit
	ratio := math.Phi
	switch {
	case n == 1:
		return ""
	case n < -limit:
		ratio = 1 - math.Phi
	case n <= limit:
		a, b := 1.0, 0.0 // F(−1), F(0)
		for range max(n, -n) {
			if n > 0 {
				a, b = b, a+b
			} else {
				a, b = b-a, a
			}
		}
		ratio = b / a
	}
	return strconv.FormatFloat(ratio, 'g', -1, 64)
}
