package api

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// Periods of a timeline, and days that are audited.
const (
	timelineWeeks  = 26
	timelineMonths = 24
	feedbackDays   = 90
)

// sectorAreas gives the sectors of a district, and what of them holds a place.
func (s *server) sectorAreas(ctx context.Context, ubigeo string) ([]SectorName, []func(orb.Point) bool, error) {
	fences, err := s.cfg.Store.Fences(ctx, ubigeo)
	names, areas := []SectorName{}, []func(orb.Point) bool{}
	for _, f := range fences {
		if f.Kind == journal.Sector {
			names, areas = append(names, SectorName{Id: f.ID, Name: f.Name}), append(areas, routing.NewRegion(f.Geometry).Contains)
		}
	}
	return names, areas, err
}

// GetTimeline counts incidents by period and by hour of the week.
func (s *server) GetTimeline(ctx context.Context, r GetTimelineRequestObject) (GetTimelineResponseObject, error) {
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	names, areas, err := s.sectorAreas(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	step, n := hotspots.Weekly, timelineWeeks
	if r.Params.Step != nil && *r.Params.Step == TimelineMonth {
		step, n = hotspots.Monthly, timelineMonths
	}
	var choice hotspots.Choice
	if r.Params.Group != nil {
		choice.Group = *r.Params.Group
	}
	if r.Params.Sector != nil && *r.Params.Sector != "" {
		for i, name := range names {
			if name.Id == *r.Params.Sector {
				choice.In = areas[i]
			}
		}
		if choice.In == nil {
			return nil, fmt.Errorf("%w: sector %q", fleet.ErrNotFound, *r.Params.Sector)
		}
	}
	now := s.cfg.Now()
	ins, err := s.cfg.Store.Incidents(ctx, r.Ubigeo, time.Time{}, now)
	if err != nil {
		return nil, err
	}
	control := inControlRoom(ctx, r.Ubigeo)
	out := GetTimeline200JSONResponse{Step: TimelineStep(step), Groups: hotspots.Groups(), Sectors: names, Periods: []TimelinePeriod{}}
	for _, p := range hotspots.SeriesOf(ins, choice, step, now, n, loc) {
		out.Periods = append(out.Periods, TimelinePeriod{Start: p.Start.Format(time.DateOnly), End: p.End.Format(time.DateOnly), Count: countFor(control, p.Count),
			Before: knownFor(control, p.Before), YearAgo: knownFor(control, p.YearAgo), Open: p.Open})
	}
	year := now.AddDate(-1, 0, 0)
	var last []hotspots.Incident
	for _, in := range ins {
		if !in.At.Before(year) {
			last = append(last, in)
		}
	}
	last = choice.Of(last)
	out.Count = countFor(control, len(last))
	for _, day := range hotspots.WeekOf(last, loc) {
		hours := make([]*float64, len(day))
		for h, n := range day {
			hours[h] = hourFor(control, n)
		}
		out.Week = append(out.Week, hours)
	}
	return out, nil
}

// knownFor is countFor of a count that may not be known.
func knownFor(control bool, n *int) *int {
	if n == nil {
		return nil
	}
	return countFor(control, *n)
}

// hourFor is countFor of an hour of the week, which has parts of incidents whose
// time is an interval. None is as small as one outside the control room: the
// first incident of an hour would show where a nought becomes hidden.
func hourFor(control bool, n float64) *float64 {
	n = math.Round(n*100) / 100
	if control {
		return &n
	}
	whole := countFor(control, int(n))
	if whole == nil {
		return nil
	}
	n = float64(*whole)
	return &n
}

// GetNotices tells what was unusual in the last seven days.
func (s *server) GetNotices(ctx context.Context, r GetNoticesRequestObject) (GetNoticesResponseObject, error) {
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	names, areas, err := s.sectorAreas(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	if len(areas) == 0 { // the district is the only area
		areas = append(areas, func(orb.Point) bool { return true })
	}
	now := s.cfg.Now()
	ins, err := s.cfg.Store.Incidents(ctx, r.Ubigeo, now.AddDate(-1, 0, 0), now)
	if err != nil {
		return nil, err
	}
	u := hotspots.UnusualWeek(ins, areas, now, loc)
	out := GetNotices200JSONResponse{Start: stamp(u.Start), End: stamp(u.End), Weeks: u.Weeks, Tests: u.Tests, FalseShare: hotspots.FalseNotices}
	out.Notices = []IncidentNotice{}
	control := inControlRoom(ctx, r.Ubigeo)
	for _, n := range u.Notices {
		count := countFor(control, n.Count)
		if count == nil {
			continue
		}
		x := IncidentNotice{Count: *count, Group: n.Group}
		if control { // from both of these the count could be told exactly
			expected, p := math.Round(n.Expected*100)/100, n.P
			x.Expected, x.P = &expected, &p
		}
		if len(names) > 0 {
			x.Sector = &names[n.Area].Name
		}
		out.Notices = append(out.Notices, x)
	}
	return out, nil
}

// GetFeedback audits what patrols found against what people reported.
func (s *server) GetFeedback(ctx context.Context, r GetFeedbackRequestObject) (GetFeedbackResponseObject, error) {
	names, areas, err := s.sectorAreas(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	to := s.cfg.Now()
	from := to.AddDate(0, 0, -feedbackDays)
	ins, err := s.cfg.Store.Incidents(ctx, r.Ubigeo, from.AddDate(0, 0, -2), to) // middles of intervals lie later
	if err != nil {
		return nil, err
	}
	control := inControlRoom(ctx, r.Ubigeo)
	out := GetFeedback200JSONResponse{From: stamp(from), To: stamp(to), Sectors: []FeedbackSector{}}
	reported, discovered := 0, 0
	for i, f := range hotspots.FeedbackOf(ins, areas, from, to) {
		reported, discovered = reported+f.Reported, discovered+f.Discovered
		out.Sectors = append(out.Sectors, FeedbackSector{Sector: names[i].Name, Reported: countFor(control, f.Reported), Discovered: countFor(control, f.Discovered), Sides: f.Sides})
	}
	out.Reported, out.Discovered = countFor(control, reported), countFor(control, discovered)
	return out, nil
}
