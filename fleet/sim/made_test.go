package sim

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

func lima(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestIncidents(t *testing.T) {
	g := routingtest.City(routingtest.Usual(1, 25, 25))
	loc := lima(t)
	from := time.Date(2025, 1, 1, 0, 0, 0, 0, loc)
	cfg := IncidentsConfig{Seed: 5, Graph: g, From: from, To: from.AddDate(1, 0, 0), Loc: loc, PerDay: 10}
	got, err := Incidents(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got); n < 3300 || n > 4000 {
		t.Errorf("%d incidents in a year, want about 3650", n)
	}
	keys, quarter, byPatrol := map[string]bool{}, [4]int{}, 0
	for i, in := range got {
		if keys[in.Key] || !in.Simulated || in.Key == "" || in.Known.Before(in.At.Truncate(time.Second)) || in.Type[0] == "" {
			t.Fatalf("%+v", in)
		}
		keys[in.Key] = true
		if in.At.Before(cfg.From) || !in.At.Before(cfg.To) || i > 0 && in.At.Before(got[i-1].At) {
			t.Fatalf("incident %d at %v", i, in.At)
		}
		if c := g.Snap(in.Point, 20); len(c) == 0 {
			t.Fatalf("%v is on no street", in.Point)
		}
		quarter[in.At.In(loc).Hour()/6]++
		if in.Origin == hotspots.OriginPatrol {
			byPatrol++
		}
	}
	if quarter[3] <= quarter[1] {
		t.Errorf("incidents by quarter of the day %v: more in the evening than in the morning is wanted", quarter)
	}
	if byPatrol == 0 || byPatrol > len(got)/3 {
		t.Errorf("%d of %d found by patrols", byPatrol, len(got))
	}
	again, err := Incidents(cfg)
	if err != nil || !cmp.Equal(got, again) {
		t.Errorf("the same seed gives others: %v", err)
	}
	// They cluster: the fullest twentieth of the cells has far more than its part.
	grid, err := hotspots.NewGrid(g.Boundary, 10)
	if err != nil {
		t.Fatal(err)
	}
	s, err := hotspots.Forecast(grid, got, hotspots.Target{Start: cfg.To.Add(22 * time.Hour), End: cfg.To.Add(30 * time.Hour), Loc: loc})
	if err != nil {
		t.Fatal(err)
	}
	share := 0.0
	for _, r := range s.Ranked(grid.Len() / 20) {
		share += r.Share
	}
	if share < 0.15 {
		t.Errorf("the first 5 %% of the cells have %.0f %% of what is expected", 100*share)
	}
	cfg.To = cfg.From
	if _, err := Incidents(cfg); !errors.Is(err, fleet.ErrInvalid) {
		t.Error(err)
	}
}

func TestPolice(t *testing.T) {
	g := routingtest.City(routingtest.Usual(2, 25, 25))
	loc := lima(t)
	shifts := fleet.DefaultShifts()
	got, err := Police(9, g, shifts)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Police(9, g, shifts); err != nil || !cmp.Equal(got, again) {
		t.Errorf("the same seed gives others: %v", err)
	}
	for _, def := range shifts {
		shift, err := def.On("2026-11-21", loc)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[patrol.PresenceKind]int{}
		for _, p := range got {
			if p.Shift != def.Code {
				continue
			}
			kinds[p.Kind]++
			if !p.Simulated {
				t.Errorf("%s is not marked as simulated", p.Name)
			}
			start, end, ok := p.Window(shift, loc)
			if !ok || p.Kind == patrol.PresenceRound && end.Sub(start) != 2*time.Hour {
				t.Errorf("%s %s: %v to %v", def.Code, p.Name, start, end)
			}
		}
		if d := cmp.Diff(map[patrol.PresenceKind]int{patrol.PresenceSector: 2, patrol.PresenceRound: 3, patrol.PresencePost: 3}, kinds); d != "" {
			t.Errorf("%s: %s", def.Code, d)
		}
	}
	night, err := shifts[2].On("2026-11-21", loc)
	if err != nil {
		t.Fatal(err)
	}
	covered := map[routing.SegmentID]bool{}
	for _, p := range got {
		line, ok := p.Geometry.(orb.LineString)
		if !ok {
			continue
		}
		if l := geo.Length(line); l < policeRoundMetres/2 || l > 2*policeRoundMetres {
			t.Errorf("%s has %.0f m", p.Name, l)
		}
		on := 0.0
		for _, v := range patrol.ExpectedVisits(g, []patrol.Presence{p}, night, loc) {
			on += g.Segments[v.Segment].Length
			covered[v.Segment] = true
		}
		if p.Shift == "noche" && on < 0.5*geo.Length(line) {
			t.Errorf("%s follows %.0f m of street with %.0f m", p.Name, on, geo.Length(line))
		}
	}
	inSector := 0
	for _, v := range patrol.ExpectedVisits(g, got[len(got)-8:len(got)-6], night, loc) {
		if g.Segments[v.Segment].Belongs {
			inSector++
		}
	}
	belongs := 0
	for _, s := range g.Segments {
		if s.Belongs {
			belongs++
		}
	}
	if inSector < belongs*95/100 {
		t.Errorf("the sectors hold %d of %d streets", inSector, belongs)
	}
	if _, err := Police(1, &routing.Graph{}, shifts); !errors.Is(err, fleet.ErrInvalid) {
		t.Error(err)
	}
}
