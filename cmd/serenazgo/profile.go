package main

import (
	"fmt"
	"os"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/profiles"
	"github.com/serenazgo/serenazgo/routing"
)

const kmh = 1 / 3.6 // in m/s

// readProfile gives the profile of a file, or the default one if there is none.
func readProfile(file string) (profiles.Profile, error) {
	if file == "" {
		return profiles.Default()
	}
	f, err := os.Open(file)
	if err != nil {
		return profiles.Profile{}, badInputf("--profile: %v", err)
	}
	defer f.Close()
	p, err := profiles.Read(f, file)
	if err != nil {
		return p, badInput(err)
	}
	return p, nil
}

// readThresholds gives the thresholds of a profile's file, or the default ones.
func readThresholds(file string) (coverage.Config, compliance.Config, fleet.TrackerConfig, error) {
	p, err := readProfile(file)
	if err != nil {
		return coverage.Config{}, compliance.Config{}, fleet.TrackerConfig{}, err
	}
	judged, heard, err := thresholds(p)
	if err != nil {
		return judged, compliance.Config{}, heard, err
	}
	asked, err := complianceOf(p)
	return judged, asked, heard, err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// complianceOf gives the thresholds of what a unit did of its plan.
func complianceOf(p profiles.Profile) (compliance.Config, error) {
	c := compliance.DefaultConfig()
	if q := p.Compliance; q != nil {
		c.Late, c.KmPct, c.StopsPct, c.MinutesPct = seconds(q.LateS), q.KmPct, q.StopsPct, q.MinutesPct
	}
	if q := p.Stops; q != nil {
		c.Stops = compliance.Standing{Radius: q.RadiusM, Speed: q.SpeedKmh / 3.6, Silence: seconds(q.SilenceS), Enough: seconds(q.EnoughS)}
	}
	c.Share = p.Coverage.Share
	if err := c.Check(); err != nil {
		return c, fmt.Errorf("profile %s: compliance: %w", p.ID(), err)
	}
	return c, nil
}

// thresholds gives what a profile says to those who need it.
func thresholds(p profiles.Profile) (coverage.Config, fleet.TrackerConfig, error) {
	c := coverage.Config{Profile: p.ID(), Certain: p.Coverage.Certain, Probable: p.Coverage.Probable, Share: p.Coverage.Share,
		EndToEnd: p.Coverage.EndToEnd, PatrolSpeed: p.Coverage.PatrolSpeedKmh * kmh, Pause: seconds(p.Coverage.PauseS),
		Silence: seconds(p.Coverage.SilenceS), Drift: seconds(p.Coverage.DriftS), Resolutions: p.Coverage.Resolutions}
	t := fleet.TrackerConfig{StaleFactor: p.Link.StaleIntervals, StaleMin: seconds(p.Link.StaleMinS), OfflineAfter: seconds(p.Link.OfflineAfterS),
		Bands: map[routing.Mode]fleet.Bands{}}
	if err := c.Check(); err != nil {
		return c, t, fmt.Errorf("profile %s: %w", p.ID(), err)
	}
	for name, b := range p.Motion {
		m, err := routing.ParseMode(name)
		if err != nil {
			return c, t, fmt.Errorf("profile %s: motion: %w", p.ID(), err)
		}
		t.Bands[m] = fleet.Bands{Patrol: b.PatrolFrom * kmh, Transit: b.TransitAbove * kmh}
	}
	return c, t, nil
}
