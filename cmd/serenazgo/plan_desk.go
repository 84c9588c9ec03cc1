package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// What is kept in memory of plans that somebody works on.
const (
	desksKept = 4
	// deskStale is when a desk is made anew beside: the forecast may have changed
	// by then. After twice as long it is used no more.
	deskStale = 10 * time.Minute
	plansHeld = 12
)

// desks keeps prepared desks and the plans asked for last, so that an edit
// answers in a fraction of a second.
type desks struct {
	mu    sync.Mutex
	desks []heldDesk // latest used last
	plans []patrol.Plan
	// measuring is the plan whose figures are wanted, for each shift of which one
	// is being measured; nil: none after that.
	measuring map[string]*patrol.Plan
}

type heldDesk struct {
	key      string
	at       time.Time
	desk     *patrol.Desk
	renewing bool // another is being prepared in its place
}

// Plan gives a plan with its rounds. What a plan says does not change once it
// is saved; its state does.
func (p *planner) Plan(ctx context.Context, ubigeo, id string) (patrol.Plan, error) {
	p.held.mu.Lock()
	i := slices.IndexFunc(p.held.plans, func(h patrol.Plan) bool { return h.Ubigeo == ubigeo && h.ID == id })
	if i < 0 {
		p.held.mu.Unlock()
		plan, err := p.a.store.Plan(ctx, ubigeo, id)
		if err == nil {
			p.hold(plan)
		}
		return plan, err
	}
	rounds := p.held.plans[i].Rounds
	p.held.mu.Unlock()
	plan, err := p.a.store.PlanHead(ctx, ubigeo, id)
	plan.Rounds = rounds
	return plan, err
}

// hold keeps a plan in memory.
func (p *planner) hold(plan patrol.Plan) {
	p.held.mu.Lock()
	defer p.held.mu.Unlock()
	p.held.plans = slices.DeleteFunc(p.held.plans, func(h patrol.Plan) bool { return h.Ubigeo == plan.Ubigeo && h.ID == plan.ID })
	p.held.plans = append(p.held.plans, plan)
	if n := len(p.held.plans); n > plansHeld {
		p.held.plans = slices.Delete(p.held.plans, 0, n-plansHeld)
	}
}

// desk prepares the desk for a plan, or gives the one that is prepared.
func (p *planner) desk(ctx context.Context, d fleet.District, plan patrol.Plan) (*patrol.Desk, error) {
	shift, err := p.shift(ctx, d, plan.Shift)
	if err != nil {
		return nil, err
	}
	g, version, err := p.a.streets.get(ctx, d, [2]time.Time{shift.Start, shift.End})
	if err != nil {
		return nil, err
	}
	known, err := p.unitsOfPlan(ctx, d, plan)
	if err != nil {
		return nil, err
	}
	posts, err := p.a.store.Posts(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	var units []string
	for _, u := range known {
		units = append(units, fmt.Sprintf("%s/%s/%v/%s-%s/%g/%v", u.ID, u.Mode, u.Base, u.From, u.To, u.MaxKm, u.Sectors))
	}
	key := strings.Join(append([]string{d.Ubigeo, string(plan.Shift), version, fmt.Sprint(posts)}, units...), "|")
	prepare := func(ctx context.Context) (*patrol.Desk, error) {
		return p.prepare(ctx, key, patrol.DraftInput{District: d, Graph: g, Streets: version, Shift: shift, Units: known})
	}
	desk, old := p.held.find(key, time.Now())
	if old {
		// Nobody waits for a forecast that may be newer.
		p.a.reloads.Go(func() {
			if _, err := prepare(p.a.serving); err != nil && p.a.serving.Err() == nil {
				p.a.log.Warn("prepare to edit", "ubigeo", d.Ubigeo, "plan", plan.ID, "err", err)
			}
		})
	}
	if desk != nil {
		return desk, nil
	}
	return prepare(ctx)
}

// find gives the desk that is kept for a key; nil: none that may still be used.
// One that is old is told of once, to whoever is to prepare another.
func (h *desks) find(key string, now time.Time) (desk *patrol.Desk, old bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.desks, func(d heldDesk) bool { return d.key == key })
	if i < 0 || now.Sub(h.desks[i].at) >= 2*deskStale {
		return nil, false
	}
	d := &h.desks[i]
	old = now.Sub(d.at) >= deskStale && !d.renewing
	d.renewing = d.renewing || old
	return d.desk, old
}

// prepare makes a desk and keeps it.
func (p *planner) prepare(ctx context.Context, key string, in patrol.DraftInput) (*patrol.Desk, error) {
	d, now := in.District, time.Now()
	var err error
	if in.Loc, err = d.Location(); err != nil {
		return nil, err
	}
	if in.Presence, err = p.a.store.Presence(ctx, d.Ubigeo); err != nil {
		return nil, err
	}
	if err := districtTerms(ctx, p.a.store, &in); err != nil {
		return nil, err
	}
	if in.Ages, err = streetAges(ctx, p.a.store, in); err != nil { // they decide which cells are explored
		return nil, err
	}
	if surface, err := forecast(ctx, p.a.store, d, in.Shift); err == nil && surface.Sample > 0 {
		in.Surface = surface
	}
	in.Terms = p.a.terms
	desk, err := patrol.NewDesk(in)
	if err != nil {
		return nil, err
	}
	p.held.mu.Lock()
	defer p.held.mu.Unlock()
	p.held.desks = slices.DeleteFunc(p.held.desks, func(h heldDesk) bool { return h.key == key })
	p.held.desks = append(p.held.desks, heldDesk{key: key, at: now, desk: desk})
	if n := len(p.held.desks); n > desksKept {
		p.held.desks = slices.Delete(p.held.desks, 0, n-desksKept)
	}
	return desk, nil
}

// unitsOfPlan gives the units that a plan has rounds of, as the plan has them.
func (p *planner) unitsOfPlan(ctx context.Context, d fleet.District, plan patrol.Plan) ([]fleet.Unit, error) {
	known, err := p.a.store.Units(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	var out []fleet.Unit
	for _, r := range plan.Rounds {
		u := fleet.Unit{ID: r.Unit, CallSign: r.CallSign, Active: true}
		if i := slices.IndexFunc(known, func(k fleet.Unit) bool { return k.ID == r.Unit }); i >= 0 {
			u = known[i]
		}
		u.Mode, u.Base = r.Mode, r.Base
		out = append(out, u)
	}
	return out, nil
}

// warm prepares the desk for a plan that somebody looks at.
func (p *planner) warm(d fleet.District, plan patrol.Plan) {
	p.a.reloads.Go(func() {
		if _, err := p.desk(p.a.serving, d, plan); err != nil && p.a.serving.Err() == nil {
			p.a.log.Warn("prepare to edit", "ubigeo", d.Ubigeo, "plan", plan.ID, "err", err)
		}
	})
}

// Edit says what becomes of a plan.
func (p *planner) Edit(ctx context.Context, d fleet.District, plan patrol.Plan, edits []patrol.Edit) (patrol.Change, error) {
	desk, err := p.desk(ctx, d, plan)
	if err != nil {
		return patrol.Change{}, err
	}
	return desk.Edit(plan, edits)
}

// Replan says what becomes of a plan in the middle of its shift. While its
// shift is followed live, only what was seen to be driven counts as driven.
func (p *planner) Replan(ctx context.Context, d fleet.District, plan patrol.Plan, at time.Time, events []patrol.Event) (patrol.Change, error) {
	desk, err := p.desk(ctx, d, plan)
	if err != nil {
		return patrol.Change{}, err
	}
	s := patrol.Situation{Now: at, Events: events, Added: map[string]fleet.Unit{}}
	units, err := p.a.store.Units(ctx, d.Ubigeo)
	if err != nil {
		return patrol.Change{}, err
	}
	for _, u := range units {
		s.Added[u.ID] = u
	}
	if cur, ok := p.a.watch.Shift(d.Ubigeo); ok && cur.ID == plan.Shift {
		s.Visited = p.visited(ctx, d, cur, at)
	}
	return desk.Replan(plan, s)
}

// visited tells which streets have been visited in a shift that is followed;
// nil: nobody has been heard, so that nothing is known. Where a unit was
// silent its streets count as visited: unknown is not left out.
func (p *planner) visited(ctx context.Context, d fleet.District, shift fleet.Shift, at time.Time) []bool {
	live := p.a.watch.CoverageOf(d.Ubigeo)
	g, _ := p.a.watch.Graph(d.Ubigeo)
	now, _, err := p.a.streets.get(ctx, d, [2]time.Time{shift.Start, shift.End})
	if live == nil || g == nil || err != nil {
		return nil
	}
	snap := live.Snapshot(at)
	if snap.Units.Heard == 0 || len(snap.States) != len(g.Segments) {
		return nil
	}
	seen := map[string]bool{}
	for i, state := range snap.States {
		switch state {
		case coverage.ByMunicipal, coverage.ByIntegrated, coverage.Both, coverage.Unknown:
			seen[g.Segments[i].ID] = true
		}
	}
	out := make([]bool, len(now.Segments))
	for i := range now.Segments {
		out[i] = seen[now.Segments[i].ID]
	}
	return out
}

// Keep saves what became of a plan as the next version of its shift, with
// its parent's figures until its own are measured.
func (p *planner) Keep(ctx context.Context, plan patrol.Plan, newest string, same patrol.Same, audit fleet.AuditRow) (patrol.Plan, error) {
	saved, err := p.a.store.SavePlanAfter(ctx, plan, newest, same, audit)
	if err != nil {
		return saved, err
	}
	p.hold(saved)
	p.measure(saved)
	return saved, nil
}

// measure works out a plan's figures in the background. Of a shift one plan at a
// time is measured, and of those saved meanwhile only the newest.
func (p *planner) measure(plan patrol.Plan) {
	key := plan.Ubigeo + "|" + string(plan.Shift)
	if !p.held.want(key, plan) {
		return
	}
	p.a.reloads.Go(func() {
		ctx := p.a.serving
		for plan := p.held.wanted(key); plan != nil; plan = p.held.wanted(key) {
			if err := p.measureNow(ctx, *plan); err != nil && ctx.Err() == nil {
				p.a.log.Error("figures of an edited plan", "ubigeo", plan.Ubigeo, "plan", plan.ID, "err", err)
			}
		}
	})
}

// want asks for the figures of a plan of a shift, in the place of those asked
// for before, and tells whether nobody is at work for the shift.
func (h *desks) want(key string, plan patrol.Plan) (begin bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.measuring == nil {
		h.measuring = map[string]*patrol.Plan{}
	}
	_, atWork := h.measuring[key]
	h.measuring[key] = &plan
	return !atWork
}

// wanted gives the plan of a shift whose figures are wanted; nil: none is any
// more, and whoever asks for the next one's sets to work anew.
func (h *desks) wanted(key string) *patrol.Plan {
	h.mu.Lock()
	defer h.mu.Unlock()
	plan := h.measuring[key]
	if plan == nil {
		delete(h.measuring, key)
	} else {
		h.measuring[key] = nil
	}
	return plan
}

func (p *planner) measureNow(ctx context.Context, plan patrol.Plan) error {
	d, err := p.a.store.District(ctx, plan.Ubigeo)
	if err != nil {
		return err
	}
	desk, err := p.desk(ctx, d, plan)
	if err != nil {
		return err
	}
	var was patrol.Figures
	if err := json.Unmarshal(plan.Figures, &was); err != nil {
		was = patrol.Figures{} // of an older version of the program
	}
	figures, err := desk.Figures(plan, was)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(figures)
	if err != nil {
		return err
	}
	if err := p.a.store.SetPlanFigures(ctx, plan.Ubigeo, plan.ID, raw); err != nil {
		return err
	}
	return p.a.hub.Publish(plan.Ubigeo, "plan", api.PlanEventOf(plan))
}
