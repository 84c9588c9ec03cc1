package main

import (
	"fmt"

	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/profiles"
)

// reviewProfile gives what a profile says of joint reviews, or the program's own
// bands where it says nothing.
func reviewProfile(p profiles.Profile) (review.Profile, error) {
	out := review.Profile{ID: p.ID(), Official: p.Official, Bands: review.DefaultBands(), Terms: review.DefaultTerms()}
	if r := p.Review; r != nil {
		out.Bands = review.Bands{Green: r.Green, Amber: r.Amber, HotMinutes: r.HotMinutes, HotGap: r.HotGapMinutes}
		for key, v := range r.Bands {
			if len(v) != 2 {
				return out, fmt.Errorf("profile %s: review: bands of %s: give two numbers, green and amber", p.ID(), key)
			}
			if out.Bands.Of == nil {
				out.Bands.Of = map[string][2]float64{}
			}
			out.Bands.Of[key] = [2]float64{v[0], v[1]}
		}
	}
	if t := p.Presence; t != nil {
		out.Terms = review.Terms{SlotMinutes: t.SlotMinutes, PresentMinutes: t.PresentMinutes, ExpectedSlots: t.ExpectedSlots, StreetShifts: t.StreetShifts,
			LateS: t.LateFixS, ArrivalM: t.ArrivalM, ArrivalMinutes: t.ArrivalMaxMin, KnownMinutes: t.KnownWithinMin}
	}
	asked, err := complianceOf(p)
	if err != nil {
		return out, err
	}
	out.Stops = review.Stops{RadiusM: asked.Stops.Radius, Minutes: asked.Stops.Enough.Minutes()}
	out.Visits = review.Visits{Share: p.Coverage.Share, Certain: p.Coverage.Certain, SpeedKmh: p.Coverage.PatrolSpeedKmh}
	if err := out.Terms.Check(); err != nil {
		return out, fmt.Errorf("profile %s: presence: %w", p.ID(), err)
	}
	if err := out.Bands.Check(); err != nil {
		return out, fmt.Errorf("profile %s: review: %w", p.ID(), err)
	}
	return out, nil
}
