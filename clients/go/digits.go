package pisano

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// Digits returns all digits of a calculated value, the most significant first,
// without a sign. They are streamed, however many they are; the caller closes.
// A stream that breaks off ends with an error and not with io.EOF.
func (a *API) Digits(ctx context.Context, index int64) (io.ReadCloser, error) {
	return a.digits(ctx, index, http.StatusOK, &GetDigitsParams{})
}

// DigitRange is Digits for count digits from the first-th on, of which the most
// significant is number 0: fewer where the value ends before. count is at least 1.
func (a *API) DigitRange(ctx context.Context, index, first, count int64) (io.ReadCloser, error) {
	byteRange := fmt.Sprintf("bytes=%d-%d", first, first+count-1)
	return a.digits(ctx, index, http.StatusPartialContent, &GetDigitsParams{Range: &byteRange})
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
