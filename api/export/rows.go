package export

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/track"
)

var (
	trailColumns = []column{{"unidad", false}, {"nombre", false}, {"fecha_hora", true}, {"longitud", false}, {"latitud", false}, {"velocidad_kmh", false}, {"rumbo", false},
		{"precision_m", false}, {"altitud_m", false}, {"bateria_pct", false}, {"encendido", false}, {"aviso", false}, {"equipo", false}, {"recibido", true}, {"no_cuenta_por", false}}
	tripColumns = []column{{"unidad", false}, {"nombre", false}, {"jornada", false}, {"inicio", true}, {"fin", true}, {"minutos", false}, {"km", false}, {"velocidad_maxima_kmh", false},
		{"desde_longitud", false}, {"desde_latitud", false}, {"hasta_longitud", false}, {"hasta_latitud", false}}
	stopColumns  = []column{{"unidad", false}, {"nombre", false}, {"jornada", false}, {"inicio", true}, {"fin", true}, {"minutos", false}, {"minutos_motor_encendido", false}, {"longitud", false}, {"latitud", false}}
	eventColumns = []column{{"unidad", false}, {"nombre", false}, {"suceso", false}, {"lugar", false}, {"inicio", true}, {"fin", true}, {"valor", false}, {"unidad_de_valor", false},
		{"longitud", false}, {"latitud", false}, {"equipo", false}}
)

// trail writes every fix that counts, unit by unit.
func (x *exporter) trail(ctx context.Context) error {
	for _, u := range x.q.Units {
		var j track.Judge
		var last time.Time
		err := x.st.EachFixes(ctx, x.q.Ubigeo, u.ID, x.q.From, x.q.To, func(part []fleet.Fix) error {
			for i := range part {
				f := &part[i]
				taken := j.Take(f)
				if !taken && (!x.q.Doubtful || f.Clean()) {
					continue
				}
				first := last.IsZero() || f.Time.Sub(last) > track.Gap
				if taken {
					last = f.Time
				}
				if err := x.w.step(fixRow(u, f), step{f.Time, f.Point, f.Speed, f.Altitude}, first); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func fixRow(u fleet.Unit, f *fleet.Fix) row {
	var on any
	if f.Ignition != nil {
		on = *f.Ignition
	}
	reasons := (f.Flags & fleet.Doubtful).String()
	return row{name: title(u.ID, u.CallSign), cells: []any{u.ID, u.CallSign, f.Time, round(f.Point[0], 1e7), round(f.Point[1], 1e7), kmh(f.Speed), round(f.Course, 1), round(f.Accuracy, 10), round(f.Altitude, 10),
		round(100*f.Battery, 1), on, f.Event, f.Device, f.Received, reasons}}
}

// round keeps a part of a number; NaN stays.
func round(v, parts float64) float64 { return math.Round(v*parts) / parts }

// trips writes the drives between stops.
func (x *exporter) trips(ctx context.Context) error {
	return x.each(ctx, func(d journal.Day) error {
		for _, t := range d.Trips {
			if !x.within(t.Start) {
				continue
			}
			r := row{name: title(d.Unit, x.names[d.Unit], t.Start.In(x.q.Loc).Format("2006-01-02 15:04")), place: &t.From,
				cells: []any{d.Unit, x.names[d.Unit], d.Date, t.Start, t.End, round(t.End.Sub(t.Start).Minutes(), 10), round(t.Metres/1000, 1000), kmh(t.MaxSpeed),
					round(t.From[0], 1e7), round(t.From[1], 1e7), round(t.To[0], 1e7), round(t.To[1], 1e7)}}
			if x.ways {
				tr, err := track.Read(ctx, x.st, x.q.Ubigeo, d.Unit, t.Start, t.End.Add(time.Second), track.KeptTolerance)
				if err != nil {
					return err
				}
				for _, p := range tr.Points {
					r.way = append(r.way, step{p.Time, p.Point, p.Speed, math.NaN()})
				}
			}
			if err := x.w.row(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// stops writes the stays.
func (x *exporter) stops(ctx context.Context) error {
	return x.each(ctx, func(d journal.Day) error {
		for _, s := range d.Stops {
			if !x.within(s.Start) {
				continue
			}
			err := x.w.row(row{name: title(d.Unit, x.names[d.Unit], s.Start.In(x.q.Loc).Format("2006-01-02 15:04")), place: &s.Point,
				cells: []any{d.Unit, x.names[d.Unit], d.Date, s.Start, s.End, round(s.End.Sub(s.Start).Minutes(), 10), round(s.Idle/60, 10), round(s.Point[0], 1e7), round(s.Point[1], 1e7)}})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// mostEvents bounds what is read at once: the events of six hours.
const mostEvents = 100_000

// events writes what happened, six hours at a time.
func (x *exporter) events(ctx context.Context) error {
	unit := ""
	if len(x.q.Units) == 1 {
		unit = x.q.Units[0].ID
	}
	for from := x.q.From; from.Before(x.q.To); from = from.Add(6 * time.Hour) {
		to := from.Add(6 * time.Hour)
		if to.After(x.q.To) {
			to = x.q.To
		}
		es, err := x.st.Events(ctx, x.q.Ubigeo, unit, from, to, mostEvents)
		if err != nil {
			return err
		}
		slices.Reverse(es) // oldest first
		for _, e := range es {
			name, wanted := x.names[e.Unit]
			if !wanted {
				continue
			}
			value, measure := valueOf(e)
			r := row{name: title(e.Unit, name, e.Kind.Spanish()), cells: []any{e.Unit, name, e.Kind.Spanish(), e.Place, e.Start, e.End, value, measure,
				round(e.Point[0], 1e7), round(e.Point[1], 1e7), e.Device}}
			if !math.IsNaN(e.Point[0]) {
				r.place = &e.Point
			}
			if err := x.w.row(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// valueOf gives an event's value in the measure that people use.
func valueOf(e journal.Event) (float64, string) {
	if e.Value == nil {
		return math.NaN(), ""
	}
	switch v := *e.Value; e.Kind {
	case journal.Overspeed:
		return kmh(v), "km/h"
	case journal.LowBattery:
		return round(100*v, 1), "%"
	case journal.FenceExit:
		return round(v/60, 10), "min"
	}
	return math.NaN(), ""
}
