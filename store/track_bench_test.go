package store_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet/track"
	"github.com/serenazgo/serenazgo/fleet/track/tracktest"
	"github.com/serenazgo/serenazgo/store"
)

// BenchmarkMonthOfTrail measures how long a month of one unit takes from the
// tables to the bytes that a browser gets.
func BenchmarkMonthOfTrail(b *testing.B) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Data: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const month = 30 * 24 * time.Hour
	from := time.Now().UTC().Add(-month).Truncate(24 * time.Hour)
	for n, every := range []time.Duration{10 * time.Second, 5 * time.Second} {
		d := tracktest.Drive{Ubigeo: "130102", Unit: []string{"A", "B"}[n], Device: []string{"gps-a", "gps-b"}[n], From: from, Interval: every,
			Fixes: int(month / every), Seed: 7, Noise: 4}
		for part := range slices.Chunk(d.All(), 20_000) {
			if _, err := s.StoreFixes(ctx, part); err != nil {
				b.Fatal(err)
			}
		}
		for _, kept := range []bool{false, true} {
			if kept {
				for day := from; day.Before(from.Add(month)); day = day.Add(24 * time.Hour) {
					fixes, err := s.FixesOfUnit(ctx, "130102", d.Unit, day, day.Add(24*time.Hour))
					if err != nil {
						b.Fatal(err)
					}
					if err := s.SaveTrail(ctx, "130102", track.Of(d.Unit, day, day.Add(24*time.Hour), fixes)); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.Run(fmt.Sprintf("every=%s/kept=%t", every, kept), func(b *testing.B) {
				var size, points int
				for b.Loop() {
					tr, err := track.Read(ctx, s, "130102", d.Unit, from, from.Add(month), track.ToleranceFor(month))
					if err != nil || tr.Fixes != d.Fixes {
						b.Fatal(tr.Fixes, err)
					}
					var out bytes.Buffer
					if err := track.Write(&out, from, []track.Track{tr}); err != nil {
						b.Fatal(err)
					}
					size, points = out.Len(), len(tr.Points)
				}
				b.ReportMetric(float64(size), "B")
				b.ReportMetric(float64(points), "points")
				b.ReportMetric(float64(d.Fixes), "fixes")
			})
		}
	}
}
