package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api/export/evidence"
	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
)

// nearStreet in metres: a place within it is called by the street.
const nearStreet = 120

// diskFolder is a folder of the disk that takes a bundle.
type diskFolder string

// File writes a file, as a whole or not at all.
func (d diskFolder) File(name string, write func(io.Writer) error) error {
	full := filepath.Join(string(d), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	if err := replaceFile(full, write); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "wrote", full)
	return nil
}

// shiftPapers makes the papers of shifts from the store.
type shiftPapers struct {
	st    *store.Store
	d     fleet.District
	watch *watch.Watch
	made  time.Time
}

// streets gives those of a window; none is no error.
func (s shiftPapers) streets(ctx context.Context, from, to time.Time) (*routing.Graph, error) {
	loc, err := s.d.Location()
	if err != nil {
		return nil, err
	}
	g, _, err := streetsOf(ctx, s.st, s.d, [2]time.Time{from, to}, loc)
	if errors.Is(err, errNoStreets) {
		return nil, nil
	}
	return g, err
}

// report gives what the units of a shift did: as it was kept, or else anew from
// their positions.
func (s shiftPapers) report(ctx context.Context, shift fleet.ShiftID) (compliance.Report, error) {
	kept, err := s.st.Coverage(ctx, s.d.Ubigeo, shift)
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return compliance.Report{}, err
	}
	if raw, ok := kept["joint"]; ok {
		f, err := watch.ReadFinal(raw)
		if err != nil {
			return compliance.Report{}, fmt.Errorf("shift %s: %w", shift, err)
		}
		if f.Compliance != nil {
			return *f.Compliance, nil
		}
	}
	r, err := s.watch.ComplianceOf(ctx, s.d.Ubigeo, shift)
	return r.Brief(), err
}

// done gives what the forms of what was done are made of.
func (s shiftPapers) done(ctx context.Context, shift fleet.ShiftID) (forms.Source, compliance.Report, error) {
	r, err := s.report(ctx, shift)
	if err != nil {
		return forms.Source{}, r, err
	}
	plan, err := s.st.Plan(ctx, s.d.Ubigeo, r.Plan)
	if err != nil {
		return forms.Source{}, r, err
	}
	src, err := forms.Read(ctx, s.st, s.d, shift, &plan, func(_, _ time.Time) (*routing.Graph, error) { return nil, nil })
	return src, r, err
}

// paper makes a form of a shift; fleet.ErrNotFound if it has none.
func (s shiftPapers) paper(ctx context.Context, kind string, shift fleet.ShiftID) (templates.Paper, error) {
	switch kind {
	case templates.KindStops:
		src, r, err := s.done(ctx, shift)
		if err != nil {
			return templates.Paper{}, err
		}
		return templates.StopLog(forms.NewStopLog(src, r), s.made), nil
	case templates.KindUnits:
		return s.unitTable(ctx, shift)
	}
	c := planPrintCmd{What: kind, Shift: string(shift)}
	return c.paper(ctx, s.st, s.d)
}

// unitTable makes the table of the day on which a shift begins.
func (s shiftPapers) unitTable(ctx context.Context, shift fleet.ShiftID) (templates.Paper, error) {
	date, _, err := shift.Split()
	if err != nil {
		return templates.Paper{}, err
	}
	defs, err := s.st.Shifts(ctx, s.d.Ubigeo)
	if err != nil {
		return templates.Paper{}, err
	}
	var sources []forms.Source
	var reports []compliance.Report
	for _, def := range defs {
		src, r, err := s.done(ctx, fleet.ShiftID(date+"/"+def.Code))
		if errors.Is(err, fleet.ErrNotFound) {
			continue
		}
		if err != nil {
			return templates.Paper{}, err
		}
		sources, reports = append(sources, src), append(reports, r)
	}
	if len(sources) == 0 {
		return templates.Paper{}, fmt.Errorf("%w: no shift of %s had a plan that was approved", fleet.ErrNotFound, date)
	}
	return templates.UnitTable(forms.NewUnitTable(date, sources, reports), s.made), nil
}

// joint makes the paper of a shift's joint map.
func (s shiftPapers) joint(ctx context.Context, shift fleet.Shift) (templates.Paper, error) {
	loc, err := s.d.Location()
	if err != nil {
		return templates.Paper{}, err
	}
	_, m, surface, factors, err := jointMapOf(ctx, s.st, s.d, string(shift.ID))
	if err != nil {
		return templates.Paper{}, err
	}
	g, err := s.streets(ctx, s.made, s.made)
	if err != nil {
		return templates.Paper{}, err
	}
	named := func(p orb.Point) string { return g.LabelAt(p, nearStreet) }
	return templates.OfJointMap(forms.NewJointMap(s.d, shift, loc, m, surface, factors, named), templates.StreetsOf(g), s.made), nil
}

// evidence is the bundle of a period, with everything that is kept of it.
func (s shiftPapers) evidence(ctx context.Context, r review.Review, all bool) (evidence.Source, error) {
	src := evidence.Source{District: s.d, Query: r.Query, Forms: all, Why: "se pidieron solo las cifras.", Made: s.made, Joint: s.joint}
	loc, err := s.d.Location()
	if err != nil {
		return src, err
	}
	defs, err := s.st.Shifts(ctx, s.d.Ubigeo)
	if err != nil {
		return src, err
	}
	if src.Shifts, err = evidence.ShiftsOf(r.Query, defs, loc); err != nil {
		return src, err
	}
	g, err := s.streets(ctx, s.made, s.made)
	if err != nil {
		return src, err
	}
	streets := templates.StreetsOf(g)
	src.Review = func(context.Context) (templates.Paper, error) { return templates.OfReview(r, streets, s.made), nil }
	src.Sessions = func(ctx context.Context) ([]templates.Paper, error) {
		return evidence.Sessions(ctx, s.st, s.d.Ubigeo, r.Query, streets, s.made)
	}
	src.Form = func(ctx context.Context, kind string, shift fleet.Shift) (templates.Paper, error) {
		return s.paper(ctx, kind, shift.ID)
	}
	return src, nil
}
