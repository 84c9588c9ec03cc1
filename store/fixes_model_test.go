package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// fixModel is what the store of fixes must be, in memory.
type fixModel struct {
	fixes map[string]fleet.Fix // by key
	last  map[string]fleet.Fix // by district and device
	odd   map[string]bool      // keys in quarantine
}

func modelKey(f fleet.Fix) string {
	return fmt.Sprint(f.Ubigeo, " ", f.Device, " ", f.Time.UnixMicro(), " ", f.Seq)
}

func byKey(a, b fleet.Fix) int {
	return cmp.Or(strings.Compare(a.Ubigeo, b.Ubigeo), strings.Compare(a.Device, b.Device), a.Time.Compare(b.Time), cmp.Compare(a.Seq, b.Seq))
}

func (m *fixModel) store(fixes []fleet.Fix) (fresh []fleet.Fix) {
	for _, f := range fixes {
		day := f.Time.Truncate(24 * time.Hour)
		received := f.Received.Truncate(24 * time.Hour)
		if day.Before(received.AddDate(0, 0, -400)) || day.After(received.AddDate(0, 0, 2)) {
			m.odd[modelKey(f)] = true
			continue
		}
		if _, ok := m.fixes[modelKey(f)]; ok {
			continue
		}
		m.fixes[modelKey(f)] = f
		fresh = append(fresh, f)
		who := f.Ubigeo + f.Device
		if old, ok := m.last[who]; f.Usable() && (!ok || byKey(f, old) > 0) {
			m.last[who] = f
		}
	}
	slices.SortFunc(fresh, byKey)
	return fresh
}

// pick gives the model's fixes that ok takes, in time order.
func (m *fixModel) pick(ok func(fleet.Fix) bool) []fleet.Fix {
	var out []fleet.Fix
	for _, f := range m.fixes {
		if ok(f) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b fleet.Fix) int {
		return cmp.Or(a.Time.Compare(b.Time), strings.Compare(a.Device, b.Device), cmp.Compare(a.Seq, b.Seq))
	})
	return out
}

// TestFixesModel stores random batches around midnight, with repetitions, old
// and impossible times, and compares the store with a model after each.
func TestFixesModel(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		districts := []string{fmt.Sprintf("%06d", 2*run), fmt.Sprintf("%06d", 2*run+1)}
		m := fixModel{fixes: map[string]fleet.Fix{}, last: map[string]fleet.Fix{}, odd: map[string]bool{}}
		midnight := noon.Add(12 * time.Hour)
		draw := func() fleet.Fix {
			at := midnight.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, "us"))*time.Microsecond).
				AddDate(0, 0, rapid.SampledFrom([]int{0, 0, 0, -1, 2, 3, -400, -402, -5000}).Draw(t, "days"))
			f := fix(rapid.SampledFrom(districts).Draw(t, "ubigeo"), rapid.SampledFrom([]string{"a", "B", "ñ"}).Draw(t, "device"), at, rapid.Int64Range(-1, 1).Draw(t, "seq"))
			f.Received = midnight.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "received")) * time.Second)
			f.Unit = rapid.SampledFrom([]string{"", "C01", "C02"}).Draw(t, "unit")
			f.Flags = rapid.SampledFrom([]fleet.FixFlag{0, 0, fleet.FlagInvalid, fleet.FlagJump}).Draw(t, "flags")
			f.Odometer, f.Engine = rapid.SampledFrom([]float64{0, 91_234_567}).Draw(t, "odometer"), rapid.SampledFrom([]float64{0, 3600.5}).Draw(t, "engine")
			f.Power = rapid.SampledFrom([]*bool{nil, new(true), new(false)}).Draw(t, "power")
			return f
		}
		for range rapid.IntRange(1, 5).Draw(t, "batches") {
			batch := make([]fleet.Fix, rapid.IntRange(0, 8).Draw(t, "size"))
			for i := range batch {
				batch[i] = draw()
			}
			fresh, err := s.StoreFixes(ctx, batch)
			if err != nil {
				t.Fatal(err)
			}
			agree(t, "new fixes", m.store(batch), fresh)
		}
		from := midnight.Add(time.Duration(rapid.IntRange(-4, 4).Draw(t, "from")) * time.Microsecond)
		to := from.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "length")) * time.Microsecond)
		in := func(f fleet.Fix) bool { return !f.Time.Before(from) && f.Time.Before(to) }
		for _, u := range districts {
			odd := 0
			for k := range m.odd {
				if strings.HasPrefix(k, u) {
					odd++
				}
			}
			q, err := s.Quarantine(ctx, u, 1000)
			if err != nil || len(q) != odd {
				t.Fatalf("%d fixes in quarantine, want %d (%v)", len(q), odd, err)
			}
			var last []fleet.Fix
			for _, d := range []string{"B", "a", "ñ"} {
				if f, ok := m.last[u+d]; ok {
					last = append(last, f)
				}
				got, err := s.Fixes(ctx, u, d, from, to)
				if err != nil {
					t.Fatal(err)
				}
				agree(t, "fixes of "+d, m.pick(func(f fleet.Fix) bool { return f.Ubigeo == u && f.Device == d && in(f) }), got)
			}
			got, err := s.LastFixes(ctx, u)
			if err != nil {
				t.Fatal(err)
			}
			agree(t, "last fixes", last, got)
			for _, unit := range []string{"C01", "C02"} {
				got, err := s.FixesOfUnit(ctx, u, unit, from, to)
				if err != nil {
					t.Fatal(err)
				}
				agree(t, "fixes of "+unit, m.pick(func(f fleet.Fix) bool { return f.Ubigeo == u && f.Unit == unit && in(f) }), got)
			}
		}
	})
}
