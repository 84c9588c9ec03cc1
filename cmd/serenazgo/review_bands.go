package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/serenazgo/serenazgo/fleet/review"
)

// reviewBandsCmd shows the bands of the traffic light of a district, and sets them.
type reviewBandsCmd struct {
	storeFlags
	Green      *float64 `help:"Percent from which an indicator is green." placeholder:"PCT"`
	Amber      *float64 `help:"Percent from which it is amber; below, red." placeholder:"PCT"`
	Of         []string `help:"Bands of one indicator, as KEY=GREEN:AMBER (may be given several times)." placeholder:"KEY=G:A"`
	Without    []string `help:"Indicator that has no bands of its own any more." placeholder:"KEY"`
	HotMinutes *float64 `help:"Minutes of presence that a hot cell needs in a shift." placeholder:"MIN"`
	HotGap     *float64 `help:"Minutes that it may be without anybody." placeholder:"MIN"`
	Reset      bool     `help:"Take the profile's bands again."`
	Profile    string   `help:"File of thresholds (default: the program's own)." type:"path" placeholder:"FILE"`
	JSON       bool     `help:"Print one JSON object." name:"json"`
}

// changes tells whether anything is to be set.
func (c *reviewBandsCmd) changes() bool {
	return c.Green != nil || c.Amber != nil || len(c.Of)+len(c.Without) > 0 || c.HotMinutes != nil || c.HotGap != nil
}

// Run shows the bands that count, after setting them.
func (c *reviewBandsCmd) Run(ctx context.Context) error {
	if c.Reset && c.changes() {
		return badInputf("--reset takes the profile's bands again: give nothing else with it")
	}
	p, err := readProfile(c.Profile)
	if err != nil {
		return err
	}
	by, err := reviewProfile(p)
	if err != nil {
		return badInput(err)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	own, err := st.ReviewBands(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if c.Reset || c.changes() {
		var set *review.Bands
		if !c.Reset {
			b, err := c.change(by.With(own).Bands)
			if err != nil {
				return badInput(err)
			}
			set = &b
		}
		if err := st.SaveReviewBands(ctx, d.Ubigeo, set, cliRow(d.Ubigeo, "bands.save", "", "")); err != nil {
			return err
		}
		if own, err = st.ReviewBands(ctx, d.Ubigeo); err != nil {
			return err
		}
	}
	by = by.With(own)
	if c.JSON {
		return printJSON(struct {
			Profile string       `json:"profile"`
			Version int          `json:"version"` // of the district's own; 0: those of the profile
			Bands   review.Bands `json:"bands"`
		}{by.ID, by.BandsVersion, by.Bands})
	}
	whose := "of profile " + by.ID
	if by.BandsVersion > 0 {
		whose = fmt.Sprintf("of %s itself, version %d", d.Name, by.BandsVersion)
	}
	b := by.Bands
	fmt.Printf("bands %s: green from %v %%, amber from %v %%; a hot cell needs %v min and may wait %v\n", whose, b.Green, b.Amber, b.HotMinutes, b.HotGap)
	for _, key := range slices.Sorted(maps.Keys(b.Of)) {
		fmt.Printf("  %s: green from %v %%, amber from %v %%\n", key, b.Of[key][0], b.Of[key][1])
	}
	return nil
}

// change gives bands with what was asked for.
func (c *reviewBandsCmd) change(b review.Bands) (review.Bands, error) {
	for _, x := range []struct {
		to   *float64
		said *float64
	}{{&b.Green, c.Green}, {&b.Amber, c.Amber}, {&b.HotMinutes, c.HotMinutes}, {&b.HotGap, c.HotGap}} {
		if x.said != nil {
			*x.to = *x.said
		}
	}
	b.Of = maps.Clone(b.Of)
	for _, key := range c.Without {
		if _, ok := b.Of[key]; !ok {
			return b, fmt.Errorf("--without %s: this indicator has no bands of its own", key)
		}
		delete(b.Of, key)
	}
	for _, s := range c.Of {
		key, pair, _ := strings.Cut(s, "=")
		green, amber, ok := strings.Cut(pair, ":")
		g, errG := strconv.ParseFloat(green, 64)
		a, errA := strconv.ParseFloat(amber, 64)
		if !ok || errG != nil || errA != nil {
			return b, fmt.Errorf("--of %s: want KEY=GREEN:AMBER, as in street_coverage_pct=60:40", s)
		}
		if b.Of == nil {
			b.Of = map[string][2]float64{}
		}
		b.Of[key] = [2]float64{g, a}
	}
	return b, b.Check()
}
