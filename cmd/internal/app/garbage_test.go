package app

import (
	"runtime"
	"testing"
)

func TestGCPercent_FollowsWhatIsLive(t *testing.T) {
	t.Parallel()
	percent := smallPercent
	for _, step := range []struct {
		live uint64
		want int
	}{{0, 100}, {60 << 20, 100}, {65 << 20, 25}, {60 << 20, 25}, {1 << 40, 25}, {47 << 20, 100}} {
		if percent = gcPercent(percent, step.live); percent != step.want {
			t.Errorf("with %d bytes live it is %d, want %d", step.live, percent, step.want)
		}
	}
}

func TestLiveBytes_CountsHeapAndStacks(t *testing.T) {
	t.Parallel()
	const heap, stack, goroutines = 8 << 20, 64 << 10, 64
	kept := make([]byte, heap)
	end := make(chan struct{})
	defer close(end)
	ready := make(chan struct{})
	for range goroutines {
		go func() {
			var frame [stack]byte
			hold(&frame, ready, end)
		}()
		<-ready
	}
	runtime.GC()
	if live := liveBytes(); live < heap+goroutines*stack {
		t.Errorf("%d bytes are live, want at least %d", live, heap+goroutines*stack)
	}
	runtime.KeepAlive(kept)
}

//go:noinline
func hold(frame *[64 << 10]byte, ready chan<- struct{}, end <-chan struct{}) {
	frame[0] = 1
	ready <- struct{}{}
	<-end
	frame[1]++
}
