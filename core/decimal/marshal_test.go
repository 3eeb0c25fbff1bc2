package decimal

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"log/slog"
	"strings"
	"testing"
)

// document holds numbers as programs keep them.
type document struct {
	Natural Natural
	Int     Int
	Pointer *Int
	Counts  map[string]Natural
}

func sampleDocument(t *testing.T) document {
	t.Helper()
	negative := Signed(mustParse(t, strings.Repeat("7", 60)), true)
	return document{
		Natural: mustParse(t, "354224848179261915075"),
		Int:     NewInt(-21),
		Pointer: &negative,
		Counts:  map[string]Natural{"zero": {}, "one": FromUint64(1)},
	}
}

func wantDocument(t *testing.T, got document) {
	t.Helper()
	want := sampleDocument(t)
	if !got.Natural.Equal(want.Natural) || !got.Int.Equal(want.Int) || got.Pointer == nil || !got.Pointer.Equal(*want.Pointer) ||
		len(got.Counts) != 2 || !got.Counts["zero"].IsZero() || !got.Counts["one"].Equal(FromUint64(1)) {
		t.Errorf("%v was read back as %v", want, got)
	}
}

func TestNumbers_KeepTheirValueInJSON(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(sampleDocument(t))
	if err != nil || !strings.HasPrefix(string(data), `{"Natural":"354224848179261915075","Int":"-21",`) {
		t.Fatalf("%s, %v", data, err)
	}
	var got document
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	wantDocument(t, got)
}

func TestNumbers_KeepTheirValueInGob(t *testing.T) {
	t.Parallel()
	var data bytes.Buffer
	if err := gob.NewEncoder(&data).Encode(sampleDocument(t)); err != nil {
		t.Fatal(err)
	}
	var got document
	if err := gob.NewDecoder(&data).Decode(&got); err != nil {
		t.Fatal(err)
	}
	wantDocument(t, got)
}

func TestNumbers_KeepTheirValueInXML(t *testing.T) {
	t.Parallel()
	type element struct {
		Natural Natural
		Int     Int `xml:",attr"`
	}
	data, err := xml.Marshal(element{FromUint64(55), NewInt(-21)})
	if err != nil || string(data) != `<element Int="-21"><Natural>55</Natural></element>` {
		t.Fatalf("%s, %v", data, err)
	}
	var got element
	if err := xml.Unmarshal(data, &got); err != nil || got.Natural.Uint64() != 55 || got.Int.Int64() != -21 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestNumbers_AreReadableInLogs(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]func(b *bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var log bytes.Buffer
		slog.New(handler(&log)).Info("calculated", "value", FromUint64(55), "signed", NewInt(-21))
		if line := log.String(); !strings.Contains(line, "55") || !strings.Contains(line, "-21") {
			t.Errorf("%s: %s", name, line)
		}
	}
}

func TestNumbers_RoundTripTextAndBinary(t *testing.T) {
	t.Parallel()
	for _, x := range sampleInts(t) {
		text, err := x.MarshalText()
		if err != nil || string(text) != x.String() {
			t.Fatalf("%v became %s, %v", x, text, err)
		}
		binary, err := x.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var fromText, fromBinary Int
		if err := fromText.UnmarshalText(text); err != nil || !fromText.Equal(x) {
			t.Errorf("%v became %v, %v", x, fromText, err)
		}
		if err := fromBinary.UnmarshalBinary(binary); err != nil || !fromBinary.Equal(x) {
			t.Errorf("%v became %v, %v", x, fromBinary, err)
		}
		if !strings.HasSuffix(string(binary), string(mustMarshal(t, x.Abs()))) {
			t.Errorf("%v has the binary form %x, without that of its magnitude", x, binary)
		}
	}
}

func mustMarshal(t *testing.T, x Natural) []byte {
	t.Helper()
	data, err := x.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestNumbers_KeepTheirValueIfTheyCannotDecode(t *testing.T) {
	t.Parallel()
	x, y := FromUint64(7), NewInt(-7)
	for _, text := range []string{"", "abc", "1.5", "-", "1e3"} {
		if x.UnmarshalText([]byte(text)) == nil || y.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q is decoded as %v or %v", text, x, y)
		}
	}
	beyond := bytes.Repeat([]byte{0xff}, 8)
	for _, data := range [][]byte{{0}, {1, 2, 3}, beyond} {
		if x.UnmarshalBinary(data) == nil {
			t.Errorf("%x is decoded as %v", data, x)
		}
	}
	for _, data := range [][]byte{{}, {2}, {0, 1}, append([]byte{0}, beyond...)} {
		if y.UnmarshalBinary(data) == nil {
			t.Errorf("%x is decoded as %v", data, y)
		}
	}
	if x.Uint64() != 7 || y.Int64() != -7 {
		t.Errorf("7 and −7 became %v and %v", x, y)
	}
}
