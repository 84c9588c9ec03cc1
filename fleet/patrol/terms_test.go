package patrol

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

func TestTermsCheck(t *testing.T) {
	if err := DefaultTerms().Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(*Terms)
		key    string // named by the error
	}{
		{"no hot cells", func(t *Terms) { t.HotPerUnit = 0 }, ""},
		{"nothing follows the forecast", func(t *Terms) { t.RiskShare = 0 }, ""},
		{"too many hot cells", func(t *Terms) { t.HotPerUnit = 11 }, "hot_cells_per_unit"},
		{"gap of a minute", func(t *Terms) { t.HotGap = time.Minute }, "hot_gap_s"},
		{"stops shorter than a tactical stop", func(t *Terms) { t.StopMin = 9 * time.Minute }, "stop_min_s"},
		{"longest below shortest", func(t *Terms) { t.StopMax = t.StopMin - time.Second }, "stop_max_s"},
		{"stops take everything", func(t *Terms) { t.StopShare = 1 }, "stop_share"},
		{"share that is no number", func(t *Terms) { t.StopShare = math.NaN() }, "stop_share"},
		{"nothing for the floor", func(t *Terms) { t.RiskShare = 1 }, "risk_share"},
		{"police take it all", func(t *Terms) { t.PoliceShare = 1 }, "police_share"},
		{"risk below the mean", func(t *Terms) { t.RiskCap = 0.5 }, "risk_cap"},
		{"needs never grow", func(t *Terms) { t.StaleShifts = 0 }, "stale_shifts"},
		{"any plan will do", func(t *Terms) { t.PoolWorse = 2 }, "pool_worse"},
	} {
		t.Run(c.name, func(t *testing.T) {
			terms := DefaultTerms()
			c.change(&terms)
			err := terms.Check()
			if (err == nil) != (c.key == "") || err != nil && (!errors.Is(err, fleet.ErrInvalid) || !strings.Contains(err.Error(), c.key)) {
				t.Errorf("error is %v, want one about %q", err, c.key)
			}
		})
	}
}

// TestStaleStepOutweighsRiskAndPolice: a street that was left out once comes
// before any that was visited, whatever the terms.
func TestStaleStepOutweighsRiskAndPolice(t *testing.T) {
	for _, terms := range []Terms{DefaultTerms(), {RiskShare: 0.95, RiskCap: 100, PoliceShare: 0.95}, {RiskShare: 0, RiskCap: 1, PoliceShare: 0}} {
		quiet := (1 - terms.RiskShare) * (1 - terms.PoliceShare) // nothing expected there, and the police everywhere
		worst := 1 - terms.RiskShare + terms.RiskShare*terms.RiskCap
		if left := quiet * (1 + terms.staleStep()); left <= worst {
			t.Errorf("terms %+v: a quiet street left out is worth %g, the riskiest visited one %g", terms, left, worst)
		}
	}
}
