// Package evidence makes the bundle of a period: its joint review, joint maps,
// signed sessions and the forms of its shifts, each as PDF, XLSX and JSON, with
// a list of the files and their SHA-256 sums, so that anybody can verify later
// and without this program that nothing has been changed.
//
//	sha256sum -c SHA256SUMS
package evidence

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// Source is what a bundle is made of. Whatever gives a paper may say that there
// is none by fleet.ErrNotFound.
type Source struct {
	District fleet.District
	Query    review.Query
	Shifts   []fleet.Shift // of the period, in order
	// Forms tells whether the forms of the shifts belong into the bundle; Why
	// tells in Spanish why not.
	Forms bool
	Why   string
	Made  time.Time

	Review   func(ctx context.Context) (templates.Paper, error)
	Joint    func(ctx context.Context, s fleet.Shift) (templates.Paper, error)
	Sessions func(ctx context.Context) ([]templates.Paper, error)
	Form     func(ctx context.Context, kind string, s fleet.Shift) (templates.Paper, error)
}

// formats are the formats of each paper.
var formats = []export.Format{templates.PDF, export.XLSX, templates.JSON}

// kinds are the forms of a shift. A shift without the first has no plan, and so
// none of them.
var kinds = []string{templates.KindRoute, templates.KindRoster, templates.KindStops}

// Name is the name of a bundle, without an ending.
func Name(d fleet.District, q review.Query) string {
	parts := []string{"expediente", d.Ubigeo, q.From, q.To}
	for _, s := range []string{q.Sector, q.Shift} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, strings.Join(parts, "-"))
}

// ShiftsOf lists the shifts that begin on the days of a period, or those of one
// code; in order.
func ShiftsOf(q review.Query, defs []fleet.ShiftDef, loc *time.Location) ([]fleet.Shift, error) {
	day, err := time.Parse(time.DateOnly, q.From)
	if err != nil {
		return nil, fmt.Errorf("%w: first day: %w", fleet.ErrInvalid, err)
	}
	var out []fleet.Shift
	for ; day.Format(time.DateOnly) <= q.To; day = day.AddDate(0, 0, 1) {
		for _, def := range defs {
			if q.Shift != "" && q.Shift != def.Code {
				continue
			}
			s, err := fleet.ResolveShift(fleet.ShiftID(day.Format(time.DateOnly)+"/"+def.Code), defs, loc)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b fleet.Shift) int { return a.Start.Compare(b.Start) })
	return out, nil
}

// Write writes a bundle and gives the SHA-256 of its SHA256SUMS, by which the
// whole of it can be recognised.
func Write(ctx context.Context, to Folder, s Source) (sum string, err error) {
	b := &bundle{to: to}
	one := func(folder string, p templates.Paper, err error) error {
		if errors.Is(err, fleet.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, f := range formats {
			if err := b.add(path.Join(folder, p.FileName(f)), func(w writer) error { return p.Write(w, f) }); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
	p, err := s.Review(ctx)
	if err := one("", p, err); err != nil {
		return "", err
	}
	for _, shift := range s.lastDay() {
		p, err := s.Joint(ctx, shift)
		if err := one("", p, err); err != nil {
			return "", err
		}
	}
	sessions, err := s.Sessions(ctx)
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return "", err
	}
	for _, p := range sessions {
		if err := one("sesiones", p, nil); err != nil {
			return "", err
		}
	}
	if s.Forms {
		if err := s.forms(ctx, one); err != nil {
			return "", err
		}
	}
	return b.close(s)
}

// forms adds the forms of each shift, and the table of units of each day.
func (s Source) forms(ctx context.Context, one func(folder string, p templates.Paper, err error) error) error {
	last := ""
	for _, shift := range s.Shifts {
		date, _, err := shift.ID.Split()
		if err != nil {
			return err
		}
		folder := path.Join("turnos", strings.ReplaceAll(string(shift.ID), "/", "-"))
		for _, kind := range kinds {
			p, err := s.Form(ctx, kind, shift)
			if errors.Is(err, fleet.ErrNotFound) && kind == kinds[0] {
				break
			}
			if err := one(folder, p, err); err != nil {
				return err
			}
		}
		if date == last {
			continue
		}
		last = date
		p, err := s.Form(ctx, templates.KindUnits, shift)
		if err := one(path.Join("turnos", date), p, err); err != nil {
			return err
		}
	}
	return nil
}

// lastDay gives the shifts of the last day on which any has begun, of the first
// day if none has: the joint maps of a bundle are theirs.
func (s Source) lastDay() []fleet.Shift {
	if len(s.Shifts) == 0 {
		return nil
	}
	date := func(x fleet.Shift) string {
		day, _, _ := strings.Cut(string(x.ID), "/")
		return day
	}
	last := date(s.Shifts[0])
	for _, x := range s.Shifts {
		if x.Start.Before(s.Made) {
			last = date(x)
		}
	}
	return slices.DeleteFunc(slices.Clone(s.Shifts), func(x fleet.Shift) bool { return date(x) != last })
}
