package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/store"
)

const (
	agesDays = 14 // how far back streets are looked for
	agesMost = 12 // shifts with a kept coverage that are looked at
)

// streetAges gives for every segment how many of the last shifts went by since
// the serenazgo drove it, from the coverage that was kept; nil if none was. Only
// shifts on this version of the streets, cut into as many segments, can be
// compared.
func streetAges(ctx context.Context, st *store.Store, d fleet.District, defs []fleet.ShiftDef, before fleet.Shift, loc *time.Location, version string, segments int) ([]int, error) {
	var past []fleet.Shift
	for day := range agesDays {
		date := before.Start.In(loc).AddDate(0, 0, -day).Format(time.DateOnly)
		for _, def := range defs {
			s, err := def.On(date, loc)
			if err != nil {
				return nil, err
			}
			if !s.End.After(before.Start) {
				past = append(past, s)
			}
		}
	}
	slices.SortStableFunc(past, func(a, b fleet.Shift) int { return cmp.Compare(b.End.Unix(), a.End.Unix()) })
	var ages []int
	looked := 0
	for _, s := range past {
		kept, err := st.Coverage(ctx, d.Ubigeo, s.ID)
		if errors.Is(err, fleet.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, raw := range kept {
			f, err := watch.ReadFinal(raw)
			if err != nil || f.Streets != version || len(f.Presence) != segments {
				continue
			}
			if ages == nil {
				ages = make([]int, segments)
				for i := range ages {
					ages[i] = -1
				}
			}
			for i, p := range f.Presence {
				if ages[i] < 0 && (p == watch.PresenceSerenazgo || p == watch.PresenceBoth) {
					ages[i] = looked
				}
			}
			looked++
		}
		if looked >= agesMost {
			break
		}
	}
	for i, a := range ages {
		if a < 0 {
			ages[i] = looked
		}
	}
	return ages, nil
}
