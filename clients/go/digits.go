package pisano

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
)

// Digits returns the digits of a calculated value as a stream, most significant
// first, without a sign. Only a few of them are in memory at a time. The caller
// must close the stream. A stream that is cut off ends with an error, not io.EOF.
func (a *API) Digits(ctx context.Context, index int64) (io.ReadCloser, error) {
	return a.digits(ctx, index, http.StatusOK, &GetDigitsParams{})
}

// DigitStream returns up to count digits from number first on, like Digits. The
// most significant digit is number 0. Fewer are returned where the value ends.
// count must be at least 1.
func (a *API) DigitStream(ctx context.Context, index, first, count int64) (io.ReadCloser, error) {
	last := first + min(count-1, math.MaxInt64-first)
	byteRange := fmt.Sprintf("bytes=%d-%d", first, last)
	return a.digits(ctx, index, http.StatusPartialContent, &GetDigitsParams{Range: &byteRange})
}

// DigitRange is DigitStream for ranges that fit into a string.
func (a *API) DigitRange(ctx context.Context, index, first, count int64) (string, error) {
	stream, err := a.DigitStream(ctx, index, first, count)
	if err != nil {
		return "", err
	}
	defer func() { _ = stream.Close() }()
	digits, err := io.ReadAll(stream)
	if err != nil {
		return "", fmt.Errorf("pisano: %w", err)
	}
	return string(digits), nil
}

func (a *API) digits(ctx context.Context, index int64, status int, params *GetDigitsParams) (io.ReadCloser, error) {
	response, err := a.GetDigits(ctx, index, params)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != status {
		_ = response.Body.Close()
		return nil, unexpected(response)
	}
	return response.Body, nil
}
