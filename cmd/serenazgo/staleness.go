package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
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
// compared. It takes the district, shift, time zone and streets of in.
func streetAges(ctx context.Context, st *store.Store, in patrol.DraftInput) ([]int, error) {
	before, loc, segments := in.Shift, in.Loc, len(in.Graph.Segments)
	defs, err := st.Shifts(ctx, in.District.Ubigeo)
	if err != nil {
		return nil, err
	}
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
		kept, err := st.Coverage(ctx, in.District.Ubigeo, s.ID)
		if errors.Is(err, fleet.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, raw := range kept {
			f, err := watch.ReadFinal(raw)
			if err != nil || f.Streets != in.Streets || len(f.Presence) != segments {
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
