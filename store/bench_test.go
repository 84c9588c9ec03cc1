package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
)

// fleetFixes makes n fixes of 200 devices, ten seconds apart.
func fleetFixes(n int, from time.Time) []fleet.Fix {
	out := make([]fleet.Fix, n)
	for i := range out {
		out[i] = fix("130102", fmt.Sprintf("device-%03d", i%200), from.Add(time.Duration(i/200)*10*time.Second), int64(i))
	}
	return out
}

// dealt gives the batches of each worker: a device always goes to the same one,
// as fleet.Ingest deals them, and has a unit of its own.
func dealt(fixes []fleet.Fix, workers, batch int) [][][]fleet.Fix {
	parts := make([][]fleet.Fix, workers)
	for i, f := range fixes {
		f.Unit = "U" + f.Device
		w := i % 200 % workers
		parts[w] = append(parts[w], f)
	}
	out := make([][][]fleet.Fix, workers)
	for w, part := range parts {
		out[w] = slices.Collect(slices.Chunk(part, batch))
	}
	return out
}

// BenchmarkStoreFixes measures rows/s into a server with fsync on, in batches
// of 4,000, beside COPY of the same rows into a bare table.
func BenchmarkStoreFixes(b *testing.B) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Data: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	from := time.Now().UTC().Truncate(24 * time.Hour)
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			const batch = 4000
			all := fleetFixes(batch*b.N, from)
			from = from.Add(time.Microsecond)
			batches := dealt(all, workers, batch)
			b.ResetTimer()
			var wg sync.WaitGroup
			for _, own := range batches {
				wg.Go(func() {
					for _, part := range own {
						if _, err := s.StoreFixes(ctx, part); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	b.Run("copy", func(b *testing.B) {
		all := fleetFixes(50_000, from)
		for b.Loop() {
			rate, err := s.CopyRate(ctx, all)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(rate, "rows/s")
		}
	})
}
