package main

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/routing"

	"github.com/serenazgo/serenazgo/profiles"
)

// TestDefaultProfileIsTheDefault holds the file that people read against the
// values that packages have when nobody says anything.
func TestDefaultProfileIsTheDefault(t *testing.T) {
	p, err := readProfile("")
	if err != nil {
		t.Fatal(err)
	}
	cov, track, err := thresholds(p)
	if err != nil {
		t.Fatal(err)
	}
	want := coverage.DefaultConfig()
	want.Profile = "serenazgo-default/1"
	if d := cmp.Diff(want, cov, cmpopts.EquateApprox(0, 1e-12)); d != "" {
		t.Errorf("coverage (-default +profile):\n%s", d)
	}
	if asked, err := complianceOf(p); err != nil || asked != compliance.DefaultConfig() {
		t.Errorf("compliance %+v is not the default, or %v", asked, err)
	}
	p.Compliance, p.Stops = nil, nil
	if asked, err := complianceOf(p); err != nil || asked != compliance.DefaultConfig() {
		t.Errorf("compliance %+v without a section, or %v", asked, err)
	}
	p.Stops = &profiles.Stops{RadiusM: 40, SpeedKmh: 3.6, SilenceS: 60, EnoughS: 300}
	if asked, err := complianceOf(p); err != nil || asked.Stops != (compliance.Standing{Radius: 40, Speed: 1, Silence: time.Minute, Enough: 5 * time.Minute}) {
		t.Errorf("stops of %+v, or %v", asked.Stops, err)
	}
	p.Stops.RadiusM = 0
	if _, err := complianceOf(p); err == nil {
		t.Error("stops within no distance are taken")
	}
	for _, m := range routing.Modes {
		want, got := fleet.DefaultBands(m), track.Bands[m]
		if math.Abs(want.Patrol-got.Patrol) > 1e-12 || math.Abs(want.Transit-got.Transit) > 1e-12 {
			t.Errorf("%s: bands %+v, default %+v", m, got, want)
		}
	}
	if track.StaleFactor != 3 || track.StaleMin != 30*time.Second || track.OfflineAfter != 10*time.Minute {
		t.Errorf("link %+v is not the tracker's default", track)
	}
}

func TestReadProfile(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("..", "..", "profiles", "serenazgo-default.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, "own.yaml")
	changed := strings.Replace(strings.Replace(string(text), "name: serenazgo-default", "name: el-porvenir", 1), "patrol_speed_kmh: 30", "patrol_speed_kmh: 36", 1)
	if err := os.WriteFile(own, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := readProfile(own)
	if err != nil {
		t.Fatal(err)
	}
	cov, _, err := thresholds(p)
	if err != nil || cov.Profile != "el-porvenir/1" || math.Abs(cov.PatrolSpeed-10) > 1e-12 {
		t.Errorf("it is read as %+v, %v", cov, err)
	}
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("name: x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{bad, filepath.Join(dir, "none.yaml")} {
		if _, err := readProfile(file); !errors.Is(err, errInput) {
			t.Errorf("%s: %v is not the caller's mistake", file, err)
		}
	}
}

// TestDefaultProfileSaysTheProgramsTerms: leaving the part of plans out changes
// nothing.
func TestDefaultProfileSaysTheProgramsTerms(t *testing.T) {
	p, err := profiles.Default()
	if err != nil {
		t.Fatal(err)
	}
	said, err := plannerTerms(p)
	if err != nil {
		t.Fatal(err)
	}
	p.Planner = nil
	own, err := plannerTerms(p)
	if err != nil || said != own {
		t.Errorf("terms are %+v by the file and %+v without it (%v)", said, own, err)
	}
	p.Planner = &profiles.Planner{StopShare: 2}
	if _, err := plannerTerms(p); err == nil {
		t.Error("terms that make no sense are taken")
	}
}
