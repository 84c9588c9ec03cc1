package main

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/fleet/review"
)

// What is asked for changes the bands that count, and nothing else.
func TestChangeBands(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	own := review.DefaultBands()
	own.Of = map[string][2]float64{review.KeyAlone: {60, 40}}
	with := func(change func(*review.Bands)) review.Bands {
		b := own
		b.Of = map[string][2]float64{review.KeyAlone: {60, 40}}
		change(&b)
		return b
	}
	for _, c := range []struct {
		name string
		cmd  reviewBandsCmd
		want review.Bands
		bad  bool
	}{
		{"nothing", reviewBandsCmd{}, with(func(*review.Bands) {}), false},
		{"green and amber", reviewBandsCmd{Green: v(80), Amber: v(0)}, with(func(b *review.Bands) { b.Green, b.Amber = 80, 0 }), false},
		{"hot cells", reviewBandsCmd{HotMinutes: v(12), HotGap: v(90)}, with(func(b *review.Bands) { b.HotMinutes, b.HotGap = 12, 90 }), false},
		{"one of its own", reviewBandsCmd{Of: []string{"street_coverage_pct=60:40"}}, with(func(b *review.Bands) { b.Of[review.KeyStreets] = [2]float64{60, 40} }), false},
		{"one no more", reviewBandsCmd{Without: []string{review.KeyAlone}}, with(func(b *review.Bands) { delete(b.Of, review.KeyAlone) }), false},
		{"one that has none", reviewBandsCmd{Without: []string{review.KeyHot}}, review.Bands{}, true},
		{"upside down", reviewBandsCmd{Green: v(60)}, review.Bands{}, true},
		{"no pair", reviewBandsCmd{Of: []string{"street_coverage_pct=60"}}, review.Bands{}, true},
		{"no indicator", reviewBandsCmd{Of: []string{"x=60:40"}}, review.Bands{}, true},
		{"less is better", reviewBandsCmd{Of: []string{review.KeyDouble + "=60:40"}}, review.Bands{}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.cmd.change(own)
			if (err != nil) != c.bad {
				t.Fatal(err)
			}
			if !c.bad {
				if d := cmp.Diff(c.want, got); d != "" {
					t.Error(d)
				}
			}
			if len(own.Of) != 1 {
				t.Error("the bands that were given are changed")
			}
		})
	}
	if err := (&reviewBandsCmd{Reset: true, Green: v(80)}).Run(t.Context()); !errors.Is(err, errInput) {
		t.Errorf("both at once: %v", err)
	}
}
