package api

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/track"
)

// Bounds of a look at tracks: a month of a few units, or a shift of all.
const (
	maxTracksSpan = 31 * 24 * time.Hour
	maxUnitDays   = 310
)

// period gives the interval asked for, which ends now and lasts usual unless
// said otherwise.
func (s *server) period(from, to *time.Time, usual, most time.Duration) (time.Time, time.Time, error) {
	until := s.cfg.Now()
	if to != nil {
		until = *to
	}
	since := until.Add(-usual)
	if from != nil {
		since = *from
	}
	if !since.Before(until) || until.Sub(since) > most {
		return since, until, invalid("from", fmt.Sprintf("El intervalo debe empezar antes de terminar y ser de a lo más %d días.", most/(24*time.Hour)))
	}
	return since.UTC(), until.UTC(), nil
}

// chosenUnits checks units that were asked for; none means all.
func (s *server) chosenUnits(ctx context.Context, ubigeo string, asked *[]string) ([]fleet.Unit, error) {
	us, err := s.cfg.Store.Units(ctx, ubigeo)
	if err != nil || asked == nil || len(*asked) == 0 {
		return us, err
	}
	var out []fleet.Unit
	for _, id := range *asked {
		i := slices.IndexFunc(us, func(u fleet.Unit) bool { return u.ID == id })
		if i < 0 {
			return nil, problem{fleet.ErrNotFound, fmt.Sprintf("No hay una unidad «%s» en el distrito.", id), "unit"}
		}
		if !slices.ContainsFunc(out, func(u fleet.Unit) bool { return u.ID == id }) {
			out = append(out, us[i])
		}
	}
	return out, nil
}

// GetTracks gives where units were, in the compact form.
func (s *server) GetTracks(ctx context.Context, r GetTracksRequestObject) (GetTracksResponseObject, error) {
	from, to, err := s.period(r.Params.From, r.Params.To, 8*time.Hour, maxTracksSpan)
	if err != nil {
		return nil, err
	}
	units, err := s.chosenUnits(ctx, r.Ubigeo, r.Params.Unit)
	if err != nil {
		return nil, err
	}
	if days := float64(len(units)) * to.Sub(from).Hours() / 24; days > maxUnitDays {
		return nil, invalid("unit", fmt.Sprintf("Es demasiado de una vez: elija menos unidades o menos días (a lo más %d días sumados).", maxUnitDays))
	}
	tolerance := track.ToleranceFor(to.Sub(from))
	if r.Params.ToleranceM != nil {
		tolerance = float64(*r.Params.ToleranceM)
	}
	if err := s.lookedAt(ctx, r.Ubigeo, "trail.view", units, r.Params.Unit == nil, from, to); err != nil {
		return nil, err
	}
	var tracks []track.Track
	for _, u := range units {
		t, err := track.Read(ctx, s.cfg.Store, r.Ubigeo, u.ID, from, to, tolerance)
		if err != nil {
			return nil, err
		}
		tracks = append(tracks, t)
	}
	var b bytes.Buffer
	if err := track.Write(&b, from, tracks); err != nil {
		return nil, err
	}
	return GetTracks200ApplicationoctetStreamResponse{Body: &b, ContentLength: int64(b.Len())}, nil
}

// lookedAt audits a look at where units were.
func (s *server) lookedAt(ctx context.Context, ubigeo, action string, units []fleet.Unit, all bool, from, to time.Time) error {
	subject := "todas"
	if !all {
		var ids []string
		for _, u := range units {
			ids = append(ids, u.ID)
		}
		subject = strings.Join(ids, ", ")
	}
	return s.audit(ctx, ubigeo, action, subject, from.Format(time.RFC3339)+" – "+to.Format(time.RFC3339))
}
