package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

func planHead(p patrol.Plan) PlanHead {
	h := PlanHead{Id: p.ID, Shift: string(p.Shift), Version: p.Version, State: PlanHeadState(p.State), Seed: p.Seed, Streets: p.Streets,
		Simulated: p.Simulated, CreatedAt: stamp(p.CreatedAt), CreatedBy: p.CreatedBy, ApprovedBy: some(p.ApprovedBy), Figures: p.Figures}
	if !p.ApprovedAt.IsZero() {
		h.ApprovedAt = ptr(stamp(p.ApprovedAt))
	}
	h.Parent = some(p.Parent)
	if len(p.Edits) > 0 {
		h.Edits = &p.Edits
	}
	if len(p.Events) > 0 {
		h.Events = &p.Events
	}
	if len(p.Notes) > 0 {
		h.Notes = &p.Notes
	}
	if !p.Rules.IsZero() {
		h.Rules = &p.Rules
	}
	if len(h.Figures) == 0 {
		h.Figures = []byte("{}")
	}
	return h
}

// GetPlans lists the versions of a shift's plan.
func (s *server) GetPlans(ctx context.Context, r GetPlansRequestObject) (GetPlansResponseObject, error) {
	_, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	ps, err := s.cfg.Store.PlansOfShift(ctx, r.Ubigeo, shift.ID)
	if err != nil {
		return nil, err
	}
	role := callerOf(ctx).user.Districts[r.Ubigeo]
	out := GetPlans200JSONResponse{}
	for _, p := range ps {
		if !seesDrafts(role) && !p.HandedOut {
			continue
		}
		out = append(out, planHead(p))
	}
	return out, nil
}

// StartPlan begins to calculate a plan.
func (s *server) StartPlan(ctx context.Context, r StartPlanRequestObject) (StartPlanResponseObject, error) {
	d, shift, err := s.shiftOf(ctx, r.Ubigeo, &r.Body.Shift)
	if err != nil {
		return nil, err
	}
	defs, err := s.cfg.Store.Shifts(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(defs, func(def fleet.ShiftDef) bool { return def.Code == shift.Code }) {
		return nil, invalid("shift", "A esta hora no hay turno; elija uno.")
	}
	req := *r.Body
	req.Shift = string(shift.ID)
	if req.Seconds == nil {
		req.Seconds = ptr(20)
	}
	if *req.Seconds < 1 || *req.Seconds > 600 {
		return nil, invalid("seconds", "El cálculo dura de 1 a 600 segundos.")
	}
	job, err := s.cfg.Planner.StartPlan(ctx, d, callerOf(ctx).user.Username, req)
	if err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "plan.start", req.Shift, job.Id); err != nil {
		return nil, err
	}
	return StartPlan202JSONResponse(job), nil
}

// GetJob tells how far a calculation is.
func (s *server) GetJob(ctx context.Context, r GetJobRequestObject) (GetJobResponseObject, error) {
	j, err := s.cfg.Planner.Job(ctx, r.Ubigeo, r.Id)
	return GetJob200JSONResponse(j), err
}

// GetJobs lists the calculations of a shift.
func (s *server) GetJobs(ctx context.Context, r GetJobsRequestObject) (GetJobsResponseObject, error) {
	_, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	jobs, err := s.cfg.Planner.Jobs(ctx, r.Ubigeo, shift.ID)
	return GetJobs200JSONResponse(append([]Job{}, jobs...)), err
}

// GetJobSketch gives the best rounds of a calculation so far.
func (s *server) GetJobSketch(_ context.Context, r GetJobSketchRequestObject) (GetJobSketchResponseObject, error) {
	rounds, err := s.cfg.Planner.Sketch(r.Ubigeo, r.Id)
	return GetJobSketch200JSONResponse(rounds), err
}

// StopJob ends a calculation with the best plan so far.
func (s *server) StopJob(ctx context.Context, r StopJobRequestObject) (StopJobResponseObject, error) {
	j, err := s.cfg.Planner.StopJob(ctx, r.Ubigeo, r.Id)
	return StopJob200JSONResponse(j), err
}

// GetPlan gives a plan with its rounds and what is wrong with it.
func (s *server) GetPlan(ctx context.Context, r GetPlanRequestObject) (GetPlanResponseObject, error) {
	p, err := s.cfg.Planner.Plan(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	if !seesDrafts(callerOf(ctx).user.Districts[r.Ubigeo]) && !p.HandedOut {
		return nil, fleet.ErrNotFound
	}
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	found, err := s.cfg.Planner.Check(ctx, d, p)
	if err != nil {
		return nil, err
	}
	out := GetPlan200JSONResponse{Head: planHead(p), Rounds: []Round{}, Violations: violations(p, found)}
	for _, round := range p.Rounds {
		out.Rounds = append(out.Rounds, roundBody(round))
	}
	return out, nil
}

// roundBody writes a round, consecutive legs of one street and kind as one.
func roundBody(p patrol.Round) Round {
	out := Round{Number: p.Number, Unit: p.Unit, CallSign: p.CallSign, Mode: p.Mode, Base: p.Base, Metres: math.Round(p.Metres), Legs: []PlanLeg{}}
	if !p.Ended.IsZero() {
		out.Ended = ptr(stamp(p.Ended))
	}
	var line orb.LineString
	flush := func() {
		if n := len(out.Legs); n > 0 && len(line) > 0 {
			out.Legs[n-1].Line = ptr(flat(line))
			out.Legs[n-1].Metres = math.Round(geo.Length(line)*10) / 10
		}
		line = nil
	}
	for i, l := range p.Legs {
		moving := l.Kind != patrol.Stop && l.Kind != patrol.Break
		if !moving {
			flush()
			if l.Kind == patrol.Stop {
				out.Stops++
			}
			pt := l.Point
			out.Legs = append(out.Legs, PlanLeg{Kind: PlanLegKind(l.Kind), Name: l.Name, Start: stamp(l.Start), End: stamp(l.End), Reason: some(l.Reason), Point: &pt, Seq: some(l.Seq)})
			if !l.Due.IsZero() {
				out.Legs[len(out.Legs)-1].Due = ptr(stamp(l.Due))
			}
			continue
		}
		if i > 0 && len(line) > 0 && p.Legs[i-1].Kind == l.Kind && p.Legs[i-1].Name == l.Name && p.Legs[i-1].Reason == l.Reason {
			last := &out.Legs[len(out.Legs)-1]
			*last.Segments = append(*last.Segments, l.Segment)
			line = append(line, l.Line[min(1, len(l.Line)):]...)
			out.Legs[len(out.Legs)-1].End = stamp(l.End)
			continue
		}
		flush()
		line = append(orb.LineString{}, l.Line...)
		out.Legs = append(out.Legs, PlanLeg{Kind: PlanLegKind(l.Kind), Name: l.Name, Start: stamp(l.Start), End: stamp(l.End), Reason: some(l.Reason),
			Seq: some(l.Seq), Segments: &[]string{l.Segment}})
	}
	flush()
	return out
}

// GetPlanGeoJSON gives a plan for other programs.
func (s *server) GetPlanGeoJSON(ctx context.Context, r GetPlanGeoJSONRequestObject) (GetPlanGeoJSONResponseObject, error) {
	p, err := s.cfg.Store.Plan(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	_, shift, err := s.shiftOf(ctx, r.Ubigeo, ptr(string(p.Shift)))
	if err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	if err := patrol.EncodeGeoJSON(&raw, p, patrol.Span{Start: shift.Start, End: shift.End}); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "plan.export", r.Id, "geojson"); err != nil {
		return nil, err
	}
	return geojsonAnswer(raw.Bytes()), nil
}

// moveTo changes the state of a plan and tells everybody.
func (s *server) moveTo(ctx context.Context, ubigeo, id string, from []patrol.State, to patrol.State) (patrol.Plan, error) {
	p, err := s.cfg.Store.Plan(ctx, ubigeo, id)
	if err != nil {
		return p, err
	}
	ok := false
	for _, f := range from {
		ok = ok || p.State == f
	}
	if !ok {
		return p, problem{fleet.ErrConflict, fmt.Sprintf("El plan v%d está %s; no se puede pasar a %s.", p.Version, stateWords[p.State], stateWords[to]), ""}
	}
	by := callerOf(ctx).user.Username
	said := auditRow(ctx, ubigeo, "plan."+string(to), id, fmt.Sprintf("%s v%d", p.Shift, p.Version))
	if err := s.cfg.Store.SetPlanState(ctx, ubigeo, id, p.State, to, by, s.cfg.Now().UTC(), said); err != nil {
		return p, err
	}
	if p, err = s.cfg.Store.Plan(ctx, ubigeo, id); err != nil {
		return p, err
	}
	s.cfg.Changed(ctx, ubigeo)
	return p, s.cfg.Hub.Publish(ubigeo, "plan", PlanEventOf(p))
}

// PlanEvent is the body of "plan": a plan was made, or its state changed.
type PlanEvent struct {
	ID      string        `json:"id"`
	Shift   fleet.ShiftID `json:"shift"`
	Version int           `json:"version"`
	State   patrol.State  `json:"state"`

	handedOut bool // it is no secret any more: until then it is confidential to those who make it
}

// PlanEventOf tells of a plan.
func PlanEventOf(p patrol.Plan) PlanEvent {
	return PlanEvent{p.ID, p.Shift, p.Version, p.State, p.HandedOut || p.State == patrol.Published}
}

// seesDrafts tells whose work unpublished plans are.
func seesDrafts(r fleet.Role) bool {
	return r == fleet.RoleAdmin || r == fleet.RoleSupervisor || r == fleet.RoleOperator
}

var stateWords = map[patrol.State]string{patrol.Draft: "en borrador", patrol.Approved: "aprobado", patrol.Published: "entregado", patrol.Superseded: "reemplazado"}

// ApprovePlan signs a draft.
func (s *server) ApprovePlan(ctx context.Context, r ApprovePlanRequestObject) (ApprovePlanResponseObject, error) {
	p, err := s.moveTo(ctx, r.Ubigeo, r.Id, []patrol.State{patrol.Draft}, patrol.Approved)
	return ApprovePlan200JSONResponse(planHead(p)), err
}

// PublishPlan hands the rounds out.
func (s *server) PublishPlan(ctx context.Context, r PublishPlanRequestObject) (PublishPlanResponseObject, error) {
	p, err := s.moveTo(ctx, r.Ubigeo, r.Id, []patrol.State{patrol.Approved}, patrol.Published)
	if err != nil {
		return nil, err
	}
	s.cfg.Published(ctx, p)
	return PublishPlan200JSONResponse(planHead(p)), nil
}

// GetCoverage gives the joint coverage of a shift: live, or as it was kept.
func (s *server) GetCoverage(ctx context.Context, r GetCoverageRequestObject) (GetCoverageResponseObject, error) {
	_, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	if cur, ok := s.cfg.Watch.Shift(r.Ubigeo); ok && cur.ID == shift.ID {
		snap, err := s.cfg.Watch.Snapshot(r.Ubigeo)
		if err != nil {
			return nil, err
		}
		out := GetCoverage200JSONResponse{Shift: string(shift.ID), At: stamp(snap.At), Bar: snap.Bar, Streets: some(snap.Streets)}
		if snap.Presence != nil {
			out.Presence = &snap.Presence
		}
		if c := s.cfg.Watch.CoverageOf(r.Ubigeo); c != nil {
			out.Cells = cellsOf(c.Snapshot(snap.At).Cells)
		}
		return out, nil
	}
	kept, err := s.cfg.Store.Coverage(ctx, r.Ubigeo, shift.ID)
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return nil, err
	}
	raw, ok := kept["joint"]
	if !ok {
		return nil, problem{fleet.ErrNotFound, "De este turno no hay cobertura guardada.", "shift"}
	}
	return finalCoverage(shift, raw)
}
