package decimal

import (
	"encoding/binary"
	"errors"
	"io"
)

// MarshalText implements encoding.TextMarshaler. The error is always nil.
func (x Natural) MarshalText() ([]byte, error) { return x.AppendText(nil) }

// UnmarshalText implements encoding.TextUnmarshaler. It accepts what Parse accepts,
// and leaves x as it is otherwise.
func (x *Natural) UnmarshalText(text []byte) error {
	y, err := Parse(stringOf(text))
	if err != nil {
		return err
	}
	*x = y
	return nil
}

// AppendBinary implements encoding.BinaryAppender: it appends the words of x, most
// significant first, 8 bytes big-endian each. The error is always nil.
func (x Natural) AppendBinary(dst []byte) ([]byte, error) {
	for i := len(x.words) - 1; i >= 0; i-- {
		dst = binary.BigEndian.AppendUint64(dst, x.words[i])
	}
	return dst, nil
}

// MarshalBinary implements encoding.BinaryMarshaler, in the form of AppendBinary. The
// error is always nil.
func (x Natural) MarshalBinary() ([]byte, error) {
	return x.AppendBinary(make([]byte, 0, wordBytes*len(x.words)))
}

// UnmarshalBinary implements encoding.BinaryUnmarshaler, for the form of
// AppendBinary. It leaves x as it is if data has another form.
func (x *Natural) UnmarshalBinary(data []byte) error {
	if len(data)%wordBytes != 0 {
		return errors.New("decimal: binary form ends within a word")
	}
	w := make([]uint64, len(data)/wordBytes)
	for i := range w {
		word := binary.BigEndian.Uint64(data[wordBytes*(len(w)-1-i):])
		if word >= Base {
			return errors.New("decimal: binary form has a word above 10^19−1")
		}
		w[i] = word
	}
	*x = natural(w)
	return nil
}

// AppendText implements encoding.TextAppender: it appends x in decimal, with a minus
// sign if it is negative. The error is always nil.
func (x Int) AppendText(dst []byte) ([]byte, error) {
	if x.negative {
		dst = append(dst, '-')
	}
	return x.magnitude.AppendText(dst)
}

// MarshalText implements encoding.TextMarshaler. The error is always nil.
func (x Int) MarshalText() ([]byte, error) { return x.AppendText(nil) }

// UnmarshalText implements encoding.TextUnmarshaler. It accepts what ParseInt
// accepts, and leaves x as it is otherwise.
func (x *Int) UnmarshalText(text []byte) error {
	y, err := ParseInt(stringOf(text))
	if err != nil {
		return err
	}
	*x = y
	return nil
}

// AppendBinary implements encoding.BinaryAppender: it appends a byte, 1 if x is
// negative and else 0, and the binary form of the magnitude. The error is always
// nil.
func (x Int) AppendBinary(dst []byte) ([]byte, error) {
	sign := byte(0)
	if x.negative {
		sign = 1
	}
	return x.magnitude.AppendBinary(append(dst, sign))
}

// MarshalBinary implements encoding.BinaryMarshaler, in the form of AppendBinary. The
// error is always nil.
func (x Int) MarshalBinary() ([]byte, error) {
	return x.AppendBinary(make([]byte, 0, 1+wordBytes*len(x.magnitude.words)))
}

// UnmarshalBinary implements encoding.BinaryUnmarshaler, for the form of
// AppendBinary. It leaves x as it is if data has another form.
func (x *Int) UnmarshalBinary(data []byte) error {
	if len(data) == 0 || data[0] > 1 {
		return errors.New("decimal: binary form has no sign")
	}
	var magnitude Natural
	if err := magnitude.UnmarshalBinary(data[1:]); err != nil {
		return err
	}
	*x = Signed(magnitude, data[0] == 1)
	return nil
}

// WriteTo implements io.WriterTo: it writes x in decimal to w, in pieces, with a
// minus sign if it is negative.
func (x Int) WriteTo(w io.Writer) (int64, error) {
	var sign int
	if x.negative {
		var err error
		if sign, err = write(w, []byte("-")); err != nil {
			return int64(sign), err
		}
	}
	digits, err := x.magnitude.WriteTo(w)
	return int64(sign) + digits, err
}
