package store

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
)

// However little is read at a time, the bytes are the same.
func TestCopyReaderInPieces(t *testing.T) {
	on := true
	var fixes []fleet.Fix
	for i := range 50 {
		f := fleet.Fix{Ubigeo: "130102", Device: fmt.Sprintf("gps-%d", i), Time: time.UnixMicro(int64(i)), Seq: int64(-i), Unit: strings.Repeat("u", i*20),
			Point: orb.Point{-79, math.NaN()}, Speed: float64(i), Event: "sos"}
		if i%2 == 0 {
			f.Ignition, f.Point = &on, orb.Point{-79, -8}
		}
		fixes = append(fixes, f)
	}
	whole := &copyReader{left: fixes}
	want, err := io.ReadAll(whole)
	if err != nil || len(want) < 50*100 || !bytes.HasPrefix(want, []byte("PGCOPY\n")) || !bytes.HasSuffix(want, []byte{0xff, 0xff}) {
		t.Fatalf("%d bytes, %v", len(want), err)
	}
	if err := iotest.TestReader(&copyReader{left: fixes}, want); err != nil {
		t.Error(err)
	}
	for _, size := range []int{1, 7, 200, 4096} {
		var got []byte
		r, p := &copyReader{left: fixes}, make([]byte, size)
		for {
			n, err := r.Read(p)
			got = append(got, p[:n]...)
			if err == io.EOF {
				break
			}
		}
		if !bytes.Equal(got, want) {
			t.Errorf("read by %d bytes, it differs", size)
		}
	}
}
