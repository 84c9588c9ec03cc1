package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/store"
)

// Limits of backtests in the background.
const (
	backtestsWaiting = 8               // more are refused
	backtestTell     = 2 * time.Second // how often the store is told how far one is
	backtestLost     = 10 * backtestTell
	backtestsShown   = 5
)

// backtest is one on a district's own incidents. Its body is written by whoever
// has it: the one who asks, then the one who works.
type backtest struct {
	d    fleet.District
	by   fleet.AuditRow
	body api.Backtest
}

// backtestQueue is what waits to be worked off.
type backtestQueue struct {
	next    chan backtest
	mu      sync.Mutex        // held while one is asked for: two at once would both find none under way
	waiting map[string]string // districts by id
}

func newBacktestQueue() *backtestQueue {
	return &backtestQueue{next: make(chan backtest, backtestsWaiting), waiting: map[string]string{}}
}

// StartBacktest queues one; fleet.ErrConflict if the district has one under way,
// or too many wait.
func (p *planner) StartBacktest(ctx context.Context, d fleet.District, by fleet.AuditRow) (api.Backtest, error) {
	p.tests.mu.Lock()
	defer p.tests.mu.Unlock()
	old, err := p.Backtests(ctx, d.Ubigeo)
	if err != nil {
		return api.Backtest{}, err
	}
	if len(old) > 0 && old[0].State == api.UnderWay {
		return api.Backtest{}, fmt.Errorf("%w: a backtest of %s is under way", fleet.ErrConflict, d.Ubigeo)
	}
	b := newBacktest(d, by, p.a.now())
	if err := keepBacktest(ctx, p.a.store, b); err != nil {
		return b.body, err
	}
	by.Subject = b.body.Id
	if err := p.a.store.Audit(ctx, by); err != nil {
		return b.body, err
	}
	select {
	case p.tests.next <- b:
		p.tests.waiting[b.body.Id] = d.Ubigeo
		return b.body, nil
	default:
		b.body.State = api.Broken
		return b.body, errors.Join(fmt.Errorf("%w: %d backtests are waiting already", fleet.ErrConflict, backtestsWaiting), keepBacktest(ctx, p.a.store, b))
	}
}

func newBacktest(d fleet.District, by fleet.AuditRow, at time.Time) backtest {
	return backtest{d, by, api.Backtest{Id: rand.Text()[:16], At: at.UTC().Truncate(time.Second), By: by.Username, State: api.UnderWay}}
}

// Backtests gives those of a district, newest first. One that nobody works on
// any more is broken.
func (p *planner) Backtests(ctx context.Context, ubigeo string) ([]api.Backtest, error) {
	rows, err := p.a.store.Backtests(ctx, ubigeo)
	if err != nil {
		return nil, err
	}
	out := []api.Backtest{}
	for _, r := range rows[:min(len(rows), backtestsShown)] {
		var b api.Backtest
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return nil, fmt.Errorf("backtest %s: %w", r.ID, err)
		}
		if b.State == api.UnderWay && r.Silent > backtestLost {
			said := "El servicio se reinició y la prueba se perdió. Pruebe otra vez."
			b.State, b.Message = api.Broken, &said
		}
		out = append(out, b)
	}
	return out, nil
}

// runBacktests works them off one after another until ctx ends.
func (p *planner) runBacktests(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case b := <-p.tests.next:
			p.tests.mu.Lock()
			delete(p.tests.waiting, b.body.Id)
			p.tests.mu.Unlock()
			if _, err := workBacktest(ctx, p.a.store, b, nil); err != nil && ctx.Err() == nil {
				p.a.log.Error("backtest", "ubigeo", b.d.Ubigeo, "err", err)
			}
		}
	}
}

// beatBacktests tells the store of those that wait that somebody has them, until
// ctx ends.
func (p *planner) beatBacktests(ctx context.Context) {
	tick := time.NewTicker(backtestTell)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		p.tests.mu.Lock()
		waiting := maps.Clone(p.tests.waiting)
		p.tests.mu.Unlock()
		for id, ubigeo := range waiting {
			if err := p.a.store.TouchBacktest(ctx, ubigeo, id); err != nil && ctx.Err() == nil {
				p.a.log.Warn("backtest that waits", "ubigeo", ubigeo, "err", err)
			}
		}
	}
}

// workBacktest does one, keeps what it found and has the district forecast with
// the best model from then on. progress may be nil. The body says what was found;
// too short a history is no error.
func workBacktest(ctx context.Context, st *store.Store, b backtest, progress func(done, total int)) (api.Backtest, error) {
	told := time.Now()
	tell := func(done, total int) {
		if progress != nil {
			progress(done, total)
		}
		if b.body.Done, b.body.Total = done, total; time.Since(told) < backtestTell {
			return
		}
		told = time.Now()
		_ = keepBacktest(ctx, st, b) // the next one may be kept again, and the result must
	}
	res, fit, test, err := ownBacktest(ctx, st, b.d, tell)
	few, tooFew := errors.AsType[hotspots.FewError](err)
	switch {
	case tooFew:
		said := fmt.Sprintf("Hay %d incidentes en %d días dentro del distrito. Una prueba necesita al menos %d en %d días; mientras tanto se usa una densidad simple de todos ellos.",
			few.Incidents, few.Days, few.NeedIncidents, few.NeedDays)
		b.body.State, b.body.Message = api.TooFew, &said
		err = nil
	case err != nil:
		said := "La prueba no se pudo terminar. Pruebe otra vez; si se repite, avise a quien administra el servicio."
		b.body.State, b.body.Message = api.Broken, &said
		return b.body, errors.Join(err, keepBacktest(context.WithoutCancel(ctx), st, b))
	default:
		b.body.State = api.Complete
		fillBacktest(&b.body, res, fit, test)
	}
	model := b.body.Chosen
	if tooFew {
		model = new("")
	}
	if model != nil {
		by := b.by
		by.Detail = fmt.Sprintf("backtest %s: %s", b.body.Id, cmp.Or(*model, "too few incidents"))
		err = st.SaveForecastModel(ctx, b.d.Ubigeo, *model, b.body.At, by)
	}
	return b.body, errors.Join(err, keepBacktest(ctx, st, b))
}

func keepBacktest(ctx context.Context, st *store.Store, b backtest) error {
	raw, err := json.Marshal(b.body)
	if err != nil {
		return err
	}
	return st.SaveBacktest(ctx, store.Backtest{Ubigeo: b.d.Ubigeo, ID: b.body.Id, By: b.body.By, At: b.body.At, Body: raw})
}

// ownBacktest tests every model on what the store knows of a district.
func ownBacktest(ctx context.Context, st *store.Store, d fleet.District, progress func(done, total int)) (res hotspots.BacktestResult, fit, test hotspots.DayRange, err error) {
	loc, err := d.Location()
	if err != nil {
		return res, fit, test, err
	}
	grid, err := forecastGrid(d)
	if err != nil {
		return res, fit, test, err
	}
	ins, err := st.Incidents(ctx, d.Ubigeo, time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return res, fit, test, err
	}
	ins = withoutPatrols(ins)
	if fit, test, err = hotspots.OwnRanges(grid, ins, loc); err != nil {
		return res, fit, test, err
	}
	res, err = hotspots.Backtest{Grid: grid, Incidents: ins, Loc: loc, Fit: fit, Test: test, Progress: progress}.Run(ctx)
	return res, fit, test, err
}

// withoutPatrols leaves out what patrols found themselves, as forecasts do: a
// model is not to be praised for foretelling where patrols go.
func withoutPatrols(ins []hotspots.Incident) []hotspots.Incident {
	out := make([]hotspots.Incident, 0, len(ins))
	for _, in := range ins {
		if in.Origin != hotspots.OriginPatrol {
			out = append(out, in)
		}
	}
	return out
}

// fillBacktest writes what was found.
func fillBacktest(b *api.Backtest, res hotspots.BacktestResult, fit, test hotspots.DayRange) {
	b.Fit, b.Test, b.Cells, b.Incidents = new(fit.String()), new(test.String()), &res.Cells, &res.Test
	if res.Chosen != "" {
		b.Chosen = &res.Chosen
	}
	b.Scores = new(make([]api.BacktestScore, 0, len(res.Scores)))
	for _, s := range res.Scores {
		row := api.BacktestScore{Model: s.Model, Horizon: string(s.Horizon), Hr: s.HR[:], Pai: s.PAI[:]}
		if !math.IsNaN(s.Gain) {
			row.Gain = new(s.Gain)
		}
		*b.Scores = append(*b.Scores, row)
	}
	k := res.Calibration
	if k == nil {
		return
	}
	b.Calibration = &api.BacktestCalibration{Inside: k.Inside, Pit: k.PIT, Counts: k.Counts, Sectors: &k.Sectors, SectorInside: &k.SectorInside, Pits: k.PITs[:], Bins: []api.CalibrationBin{}}
	for _, bin := range k.Bins {
		b.Calibration.Bins = append(b.Calibration.Bins, api.CalibrationBin{Expected: bin.Expected, Observed: bin.Observed, Counts: bin.Counts})
	}
}
