package main

import (
	"fmt"

	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/profiles"
)

// plannerTerms gives what a profile says of plans, or the program's own terms
// where it says nothing.
func plannerTerms(p profiles.Profile) (patrol.Terms, error) {
	q := p.Planner
	if q == nil {
		return patrol.DefaultTerms(), nil
	}
	t := patrol.Terms{HotPerUnit: q.HotPerUnit, HotGap: seconds(q.HotGapS), StopMin: seconds(q.StopMinS), StopMax: seconds(q.StopMaxS),
		StopShare: q.StopShare, Explore: q.ExploreShare, RiskShare: q.RiskShare, RiskCap: q.RiskCap, PoliceShare: q.PoliceShare,
		StaleShifts: q.StaleShifts, PoolWorse: q.PoolWorse}
	if err := t.Check(); err != nil {
		return t, fmt.Errorf("profile %s: planner: %w", p.ID(), err)
	}
	return t, nil
}

// readTerms gives the terms of plans of a profile's file, or the default ones.
func readTerms(file string) (patrol.Terms, error) {
	p, err := readProfile(file)
	if err != nil {
		return patrol.Terms{}, err
	}
	t, err := plannerTerms(p)
	if err != nil {
		return t, badInput(err)
	}
	return t, nil
}
