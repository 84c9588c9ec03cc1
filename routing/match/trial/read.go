// Package trial puts map matching on trial: it reads tracks with a known
// truth, makes or takes a street network, and scores what was matched.
//
// A score counts length. Its unit is a directed edge of the network, clipped to
// the part travelled; an edge is correct if truth and match have it in the same
// direction and order (the longest common subsequence by length). Figures are
// pooled over tracks.
package trial

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/serenazgo/serenazgo/routing/match"
)

// ErrFile marks a file that cannot be used; the message says where and why.
var ErrFile = errors.New("unusable file")

// Track is one trip: its fixes in the order of the file, and where it went.
type Track struct {
	ID    string
	Fixes []match.Fix
	Truth []orb.LineString
}

// ReadPoints reads a CSV with the columns id, time and geometry (a WKT point,
// longitude first), rows of one track together or not.
func ReadPoints(r io.Reader) (map[string][]match.Fix, error) {
	out := map[string][]match.Fix{}
	err := rows(r, []string{"id", "time", "geometry"}, func(line int, v []string) error {
		t, err := readTime(v[1])
		if err != nil {
			return err
		}
		p, err := wkt.UnmarshalPoint(strings.TrimSpace(v[2]))
		if err != nil {
			return fmt.Errorf("geometry %q: %w", v[2], err)
		}
		nan := math.NaN()
		out[v[0]] = append(out[v[0]], match.Fix{Time: t, Point: p, Speed: nan, Course: nan, Accuracy: nan})
		return nil
	})
	for _, fixes := range out {
		spread(fixes)
	}
	return out, err
}

// spread spaces fixes that bear the same second, as a clock of whole seconds
// gives them, evenly over it, in the order of the file.
func spread(fixes []match.Fix) {
	for i := 0; i < len(fixes); {
		n := 1
		for i+n < len(fixes) && fixes[i+n].Time.Equal(fixes[i].Time) {
			n++
		}
		for k := range n {
			fixes[i+k].Time = fixes[i+k].Time.Add(time.Duration(k) * time.Second / time.Duration(n))
		}
		i += n
	}
}

// ReadTruth reads a CSV with the columns id and WKT (a line or several, in
// driving order and direction) and joins it with the points. A track without
// points has no fixes.
func ReadTruth(r io.Reader, points map[string][]match.Fix) ([]Track, error) {
	var out []Track
	seen := map[string]bool{}
	err := rows(r, []string{"id", "wkt"}, func(line int, v []string) error {
		if seen[v[0]] {
			return fmt.Errorf("track %s is there twice", v[0])
		}
		seen[v[0]] = true
		g, err := wkt.Unmarshal(strings.TrimSpace(v[1]))
		if err != nil {
			return fmt.Errorf("WKT of track %s: %w", v[0], err)
		}
		t := Track{ID: v[0], Fixes: points[v[0]]}
		switch g := g.(type) {
		case orb.LineString:
			t.Truth = []orb.LineString{g}
		case orb.MultiLineString:
			t.Truth = g
		default:
			return fmt.Errorf("WKT of track %s is a %s, not a line", v[0], g.GeoJSONType())
		}
		out = append(out, t)
		return nil
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%w: it has no tracks", ErrFile)
	}
	return out, err
}

// rows reads a CSV by the names of its columns, whatever their case.
func rows(r io.Reader, names []string, yield func(line int, values []string) error) error {
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	head, err := c.Read()
	if err != nil {
		return fmt.Errorf("%w: no header line: %v", ErrFile, err)
	}
	at := make([]int, len(names))
	for i, n := range names {
		at[i] = -1
		for k, h := range head {
			if strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), n) {
				at[i] = k
			}
		}
		if at[i] < 0 {
			return fmt.Errorf("%w: no column %s; the header is %s", ErrFile, n, strings.Join(head, ","))
		}
	}
	for {
		rec, err := c.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %v", ErrFile, err)
		}
		line, _ := c.FieldPos(0)
		values := make([]string, len(names))
		for i, k := range at {
			if k >= len(rec) {
				return fmt.Errorf("%w: line %d has no %s", ErrFile, line, names[i])
			}
			values[i] = rec[k]
		}
		if err := yield(line, values); err != nil {
			return fmt.Errorf("%w: line %d: %v", ErrFile, line, err)
		}
	}
}

// readTime reads RFC 3339, with a blank for the T too.
func readTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999-07"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("time %q is not of the form 2018-07-18 17:13:33+00:00", s)
}
