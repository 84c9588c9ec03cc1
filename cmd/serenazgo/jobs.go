package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store"
)

// Limits of the planner's queue.
const (
	jobsWaiting = 16              // more are refused
	jobsKept    = 200             // finished ones that can still be asked for
	jobTell     = time.Second / 3 // how often a job's progress is told
	jobSketch   = 2 * time.Second // how often what a job has so far is drawn anew
)

// planner calculates plans in the background, one at a time: a calculation uses
// every core.
type planner struct {
	a     *App
	queue chan *job
	owner string // names the process in the store

	mu   sync.Mutex
	jobs map[string]*job
	old  []string // ids in the order they began

	held  desks
	fits  *forecasts
	tests *backtestQueue

	lost time.Duration // jobLost
}

// job is one calculation. mu of the planner guards its body, taken and sketch.
type job struct {
	d      fleet.District
	req    api.PlanRequest
	by     string
	body   api.Job
	cancel context.CancelFunc
	ctx    context.Context
	begun  time.Time
	told   time.Time
	taken  bool // another process has it now

	keeping sync.Mutex // held while the store is told how far it is

	sketch    []patrol.Sketch // the best rounds so far
	drawnBest float64         // how long the longest of them is, in seconds
	drawnAt   time.Time
}

func newPlanner(a *App) *planner {
	return &planner{a: a, queue: make(chan *job, jobsWaiting), owner: rand.Text(), jobs: map[string]*job{}, lost: jobLost,
		fits: &forecasts{st: a.store}, tests: newBacktestQueue()}
}

// StartPlan queues a calculation.
func (p *planner) StartPlan(ctx context.Context, d fleet.District, user string, req api.PlanRequest) (api.Job, error) {
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		return api.Job{}, err
	}
	j := &job{d: d, req: req, by: user}
	// Refuse at once what cannot be planned, while somebody is looking.
	shift := fleet.ShiftID(req.Shift)
	units, err := unitsToPlan(ctx, p.a.store, d, shift, orNone(req.Units))
	if err == nil {
		_, err = planInput(ctx, p.a.store, d, shift, units)
	}
	if said, ok := inSpanish(err); ok {
		return api.Job{}, said
	}
	if err != nil {
		return api.Job{}, err
	}
	body := api.Job{Id: hex.EncodeToString(id[:]), State: api.Queued, Shift: req.Shift, Seconds: *req.Seconds, History: []api.JobPoint{}}
	j.body = body
	if err := p.keep(ctx, j, p.a.store.SaveJob); err != nil {
		return api.Job{}, err
	}
	if !p.enqueue(ctx, j) {
		j.body.State = api.Failed
		p.keepNow(j) // so that nobody takes it over
		return api.Job{}, fmt.Errorf("%w: %d calculations are waiting already", fleet.ErrConflict, jobsWaiting)
	}
	return body, nil
}

// enqueue has a job wait for its turn, unless too many do. Its body must not be
// written to without mu from then on.
func (p *planner) enqueue(ctx context.Context, j *job) bool {
	j.ctx, j.cancel = context.WithCancel(context.WithoutCancel(ctx))
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.queue <- j:
	default:
		j.cancel()
		return false
	}
	p.jobs[j.body.Id] = j
	p.old = append(p.old, j.body.Id)
	if len(p.old) > jobsKept {
		delete(p.jobs, p.old[0])
		p.old = p.old[1:]
	}
	return true
}

// inSpanish says why a shift cannot be planned to the one who asked for it, if
// that is about what was asked.
func inSpanish(err error) (said error, ok bool) {
	base, isBase := errors.AsType[patrol.BaseError](err)
	switch {
	case isBase && base.Unit.Base == (orb.Point{}):
		return api.Refused("units", fmt.Sprintf("Ninguna calle está abierta al vehículo de la unidad %s. Revíselo en Ajustes, Unidades, o corrija las calles.", called(base.Unit))), true
	case isBase:
		return api.Refused("units", fmt.Sprintf("La base de la unidad %s está lejos de toda calle por la que puede circular. Corríjala en Ajustes, Unidades.", called(base.Unit))), true
	case errors.Is(err, errNoStreets):
		return api.Refused("shift", "El distrito aún no tiene calles. Súbalas en Ajustes, Calles."), true
	case errors.Is(err, errNoUnits):
		return api.Refused("units", "Ninguna unidad trabaja en este turno. Regístrelas en Ajustes, Unidades."), true
	case errors.Is(err, patrol.ErrAllKept):
		return api.Refused("unlock", "Todas las rondas están bloqueadas. Desbloquee alguna o genere sin conservarlas."), true
	case errors.Is(err, patrol.ErrKept):
		return api.Refused("unlock", "Una ronda bloqueada ya no corresponde a las calles o unidades de hoy. Desbloquéela o genere sin conservarla."), true
	case errors.Is(err, errUnknownUnit):
		return api.Refused("units", "Una de las unidades no existe, está fuera de servicio o no trabaja en este turno."), true
	}
	return nil, false
}

// called is the name that people call a unit by.
func called(u fleet.Unit) string { return cmp.Or(u.CallSign, u.ID) }

// snapshot copies the body; the caller holds the planner's mu.
func (j *job) snapshot() api.Job {
	b := j.body
	b.History = append([]api.JobPoint{}, b.History...)
	return b
}

// here gives a calculation of this process.
func (p *planner) here(ubigeo, id string) (*job, api.Job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	j := p.jobs[id]
	if j == nil || j.d.Ubigeo != ubigeo {
		return nil, api.Job{}
	}
	if j.body.State == api.Running {
		j.body.ElapsedS = time.Since(j.begun).Seconds()
	}
	return j, j.snapshot()
}

// Job tells how far a calculation is: one of this process, of another one, or
// one that ended with its process.
func (p *planner) Job(ctx context.Context, ubigeo, id string) (api.Job, error) {
	if j, body := p.here(ubigeo, id); j != nil {
		return body, nil
	}
	raw, silent, err := p.a.store.Job(ctx, ubigeo, id)
	if err != nil {
		return api.Job{}, err
	}
	var body api.Job
	if err := json.Unmarshal(raw, &body); err != nil {
		return body, fmt.Errorf("job %s: %w", id, err)
	}
	return p.heard(body, silent), nil
}

// Jobs lists the calculations of a shift that were asked for in the last day,
// newest first.
func (p *planner) Jobs(ctx context.Context, ubigeo string, shift fleet.ShiftID) ([]api.Job, error) {
	kept, err := p.a.store.Jobs(ctx, ubigeo, shift)
	if err != nil {
		return nil, err
	}
	out := make([]api.Job, len(kept))
	for i, k := range kept {
		if err := json.Unmarshal(k.Body, &out[i]); err != nil {
			return nil, fmt.Errorf("jobs of %s: %w", shift, err)
		}
		if j, body := p.here(ubigeo, out[i].Id); j != nil {
			out[i] = body
		} else {
			out[i] = p.heard(out[i], k.Silent)
		}
	}
	return out, nil
}

// Sketch gives the best rounds that a calculation has so far; fleet.ErrNotFound
// if there are none, or another process calculates.
func (p *planner) Sketch(ubigeo, id string) ([]patrol.Sketch, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	j := p.jobs[id]
	if j == nil || j.d.Ubigeo != ubigeo || j.sketch == nil {
		return nil, fmt.Errorf("%w: job %s has no rounds to show", fleet.ErrNotFound, id)
	}
	return j.sketch, nil
}

// StopJob ends a calculation; the best plan so far is kept.
func (p *planner) StopJob(ctx context.Context, ubigeo, id string) (api.Job, error) {
	if j, body := p.here(ubigeo, id); j != nil {
		j.cancel()
		if p.withdraw(j) {
			p.update(j, true, func(*api.Job) {})
			_, body = p.here(ubigeo, id)
		}
		return body, nil
	}
	body, err := p.Job(ctx, ubigeo, id)
	if err == nil && goesOn(body.State) {
		return body, api.Refused("id", "Lo calcula otro proceso del servicio; espere a que termine.")
	}
	return body, err
}

// withdraw stops a calculation that still waits, and tells whether it did.
func (p *planner) withdraw(j *job) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if j.body.State != api.Queued {
		return false
	}
	said := jobStopped
	j.body.State, j.body.Message = api.Stopped, &said
	return true
}

// begin sets a calculation that waits to work; false if it was stopped meanwhile,
// or another process has taken it over.
func (p *planner) begin(j *job) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if j.body.State != api.Queued || j.taken {
		return false
	}
	j.begun, j.body.State = time.Now(), api.Running
	return true
}

// run works the queue until ctx ends.
func (p *planner) run(ctx context.Context) error {
	var beating sync.WaitGroup
	defer beating.Wait()
	idle, done := context.WithCancel(context.Background())
	defer done() // after the last calculation, which keeps its best plan
	p.takeOver(ctx)
	beating.Go(func() { p.beat(idle) })
	beating.Go(func() { p.runBacktests(ctx) })
	beating.Go(func() { p.beatBacktests(ctx) })
	for {
		select {
		case <-ctx.Done():
			return nil
		case j := <-p.queue:
			if ctx.Err() != nil {
				return nil // it still waits: for whoever comes next
			}
			p.work(ctx, j)
		}
	}
}

// work does one calculation, unless it was stopped while it waited. What comes
// of one that another process has taken over meanwhile is dropped.
func (p *planner) work(ctx context.Context, j *job) {
	defer j.cancel()
	stop := context.AfterFunc(ctx, j.cancel)
	defer stop()
	if !p.begin(j) {
		return
	}
	p.update(j, true, func(*api.Job) {})
	if p.isTaken(j) {
		return
	}
	opt := planOptions{Save: p.saving(j), Seconds: float64(j.body.Seconds), Units: orNone(j.req.Units), By: j.by, At: p.a.now(), Unlock: j.req.Unlock != nil && *j.req.Unlock, Terms: p.a.terms}
	if j.req.Seed != nil {
		opt.Seed = *j.req.Seed
	}
	plan, err := draftPlan(j.ctx, p.a.store, j.d, fleet.ShiftID(j.req.Shift), opt, func(pr patrol.Progress) {
		p.draw(j, pr)
		p.update(j, false, func(b *api.Job) {
			b.ElapsedS = time.Since(j.begun).Seconds()
			b.Phase = &pr.Phase
			if pr.Bound > 0 {
				b.Bound = &pr.Bound
			}
			if pr.Best > 0 {
				b.Best = &pr.Best
				if n := len(b.History); n == 0 || b.History[n-1].Best != pr.Best {
					b.History = append(b.History, api.JobPoint{T: b.ElapsedS, Best: pr.Best})
				}
			}
		})
	})
	if errors.Is(err, store.ErrTaken) {
		p.giveUp(j)
	}
	if p.isTaken(j) {
		return
	}
	stopped := j.ctx.Err() != nil
	p.update(j, true, func(b *api.Job) {
		b.ElapsedS = time.Since(j.begun).Seconds()
		j.sketch = nil // there is a plan to show, or nothing
		switch {
		case err == nil:
			b.State, b.Plan = api.Done, &plan.ID
		case stopped:
			b.State = api.Stopped
			msg := jobStopped
			b.Message = &msg
		default:
			b.State = api.Failed
			msg := "No se pudo calcular el plan. Revise las unidades y las calles del distrito."
			if said, ok := inSpanish(err); ok {
				msg = said.Error()
			}
			b.Message = &msg
		}
	})
	if err != nil && !stopped {
		level := slog.LevelError
		if errors.Is(err, fleet.ErrInvalid) {
			level = slog.LevelInfo // for the one who asked, who is told
		}
		p.a.log.Log(ctx, level, "plan", "ubigeo", j.d.Ubigeo, "shift", j.req.Shift, "err", err)
	}
	if err == nil {
		if err := p.a.hub.Publish(j.d.Ubigeo, "plan", api.PlanEventOf(plan)); err != nil {
			p.a.log.Error("live event", "err", err)
		}
	}
}

// draw keeps what a calculation has so far, now and then, if it is better than
// what was shown before.
func (p *planner) draw(j *job, pr patrol.Progress) {
	p.mu.Lock()
	due := pr.Best > 0 && pr.Best != j.drawnBest && time.Since(j.drawnAt) >= jobSketch
	p.mu.Unlock()
	if !due {
		return
	}
	sketch := pr.Sketch()
	if sketch == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	j.sketch, j.drawnBest, j.drawnAt = sketch, pr.Best, time.Now()
	j.body.Sketch++
}

// update changes a job and tells about it: always, or now and then.
func (p *planner) update(j *job, always bool, change func(b *api.Job)) {
	p.mu.Lock()
	change(&j.body)
	tell := always || time.Since(j.told) >= jobTell
	if tell {
		j.told = time.Now()
	}
	body := j.snapshot()
	p.mu.Unlock()
	if always {
		p.keepNow(j)
	}
	if tell && !p.isTaken(j) {
		if err := p.a.hub.Publish(j.d.Ubigeo, "job", body); err != nil {
			p.a.log.Error("live event", "err", err)
		}
	}
}
