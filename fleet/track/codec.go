package track

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/paulmach/orb"
)

// The compact form of tracks. It begins with the four letters of magic, the
// length of the header as four bytes (little endian) and the header, which is
// JSON. The points of all tracks follow in the order of the header, each as
// three signed varints (zigzag, as in Protocol Buffers) with the differences to
// the point before in tenths of a second, millionths of a degree of longitude
// and of latitude, and one byte: the speed in km/h, 254 for more, 255 for
// unknown. The first point of a track is told from the header's origin and from
// 0,0. Times never go back: a negative difference -d-1 says that d tenths of a
// second passed and that a gap lies before the point.
const magic = "SZT1"

// head is the header.
type head struct {
	Origin time.Time   `json:"origin"` // of the times, on a whole second
	Tracks []trackHead `json:"tracks"`
}

type trackHead struct {
	Unit      string  `json:"unit"`
	Fixes     int     `json:"fixes"`
	Doubtful  int     `json:"doubtful"`
	Tolerance float64 `json:"tolerance_m"`
	Points    int     `json:"points"`
}

const (
	tick         = 100 * time.Millisecond
	perDegree    = 1e6
	unknownSpeed = 255
	fastest      = 254
)

// Write writes tracks in the compact form. origin is at or before their first
// instants.
func Write(w io.Writer, origin time.Time, tracks []Track) error {
	origin = origin.Truncate(time.Second).UTC()
	h := head{Origin: origin, Tracks: []trackHead{}}
	for _, t := range tracks {
		h.Tracks = append(h.Tracks, trackHead{t.Unit, t.Fixes, t.Doubtful, t.Tolerance, len(t.Points)})
	}
	js, err := json.Marshal(h)
	if err != nil {
		return err
	}
	b := append([]byte(magic), binary.LittleEndian.AppendUint32(nil, uint32(len(js)))...)
	b = append(b, js...)
	for _, t := range tracks {
		var time0, lon0, lat0 int64
		for _, p := range t.Points {
			at := int64(p.Time.Sub(origin) / tick)
			lon, lat := int64(math.Round(p.Point[0]*perDegree)), int64(math.Round(p.Point[1]*perDegree))
			dt := max(at-time0, 0)
			if p.Gap {
				dt = -dt - 1 // zero, too, can be told from no gap
			}
			b = binary.AppendVarint(b, dt)
			b = binary.AppendVarint(b, lon-lon0)
			b = binary.AppendVarint(b, lat-lat0)
			b = append(b, speedByte(p.Speed))
			time0, lon0, lat0 = at, lon, lat
		}
		if len(b) > 64<<10 {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	_, err = w.Write(b)
	return err
}

func speedByte(v float64) byte {
	if math.IsNaN(v) {
		return unknownSpeed
	}
	return byte(min(max(math.Round(v*3.6), 0), fastest))
}

var errCutOff = errors.New("the tracks are cut off or not in the compact form")

// Decode reads what Write wrote.
func Decode(b []byte) ([]Track, error) {
	if len(b) < 8 || string(b[:4]) != magic {
		return nil, errCutOff
	}
	n := uint64(binary.LittleEndian.Uint32(b[4:8]))
	b = b[8:]
	if n > uint64(len(b)) {
		return nil, errCutOff
	}
	var h head
	if err := json.Unmarshal(b[:n], &h); err != nil {
		return nil, fmt.Errorf("%w: %v", errCutOff, err)
	}
	b = b[n:]
	var out []Track
	for _, x := range h.Tracks {
		if x.Points < 0 || x.Points > len(b)/4 { // a point has at least four bytes
			return nil, errCutOff
		}
		t := Track{Unit: x.Unit, Fixes: x.Fixes, Doubtful: x.Doubtful, Tolerance: x.Tolerance, Points: make([]Point, x.Points)}
		var sum [3]int64
		for i := range t.Points {
			p := &t.Points[i]
			for k := range sum {
				d, n := binary.Varint(b)
				if n <= 0 {
					return nil, errCutOff
				}
				if b = b[n:]; k == 0 && d < 0 {
					p.Gap, d = true, -(d + 1)
				}
				sum[k] += d
			}
			if len(b) == 0 {
				return nil, errCutOff
			}
			p.Time = h.Origin.Add(time.Duration(sum[0]) * tick)
			p.Point = orb.Point{float64(sum[1]) / perDegree, float64(sum[2]) / perDegree}
			if p.Speed = float64(b[0]) / 3.6; b[0] == unknownSpeed {
				p.Speed = math.NaN()
			}
			b = b[1:]
		}
		out = append(out, t)
	}
	return out, nil
}
