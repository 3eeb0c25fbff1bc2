package servers

import (
	"strings"
	"testing"
)

func TestStart_RefusesAContainerWithoutAnImage(t *testing.T) {
	t.Parallel()
	_, err := engine{}.run(t.Context(), spec{})
	if err == nil || !strings.Contains(err.Error(), "PISANO_REDIS_IMAGE") {
		t.Errorf("started, %v", err)
	}
}
