//go:build amd64 && !purego

package vector

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if !Available {
		fmt.Println("engine: this processor does not run ifma; its kernels were not tested here")
		return
	}
	os.Exit(m.Run())
}
