package web_test

import (
	"io/fs"
	"testing"

	"github.com/pisano-dev/pisano/web"
)

func TestFiles_AreRootedInDist(t *testing.T) {
	t.Parallel()
	if _, err := fs.Stat(web.Files(), ".keep"); err != nil {
		t.Errorf("the placeholder of web/dist is not at the root: %v", err)
	}
}
