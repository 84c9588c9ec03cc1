package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store"
)

// A calculation lives in its process; the store knows how far it is, so that one
// who asks after a restart, or asks another process, gets an answer.
const (
	jobBeat = 5 * time.Second // how often the store is told that a job is worked on
	jobLost = 4 * jobBeat     // without that, its process is gone
)

// What one reads whose calculation was cut short with its process.
const jobEnded = "El servicio se reinició y el cálculo se perdió. Genere el plan otra vez."

// What one reads who stopped a calculation before it had anything.
const jobStopped = "Se detuvo antes de tener un plan."

// asked is what a process needs to do a calculation in the place of another.
type asked struct {
	By      string          `json:"by"`
	Request api.PlanRequest `json:"request"`
}

// keep tells the store how far a calculation is now: that it goes on, or that
// another process may take it. What is told last is how it is; where another
// process has it already, this one gives it up, and the error is store.ErrTaken.
func (p *planner) keep(ctx context.Context, j *job, how func(context.Context, store.PlanJob) error) error {
	j.keeping.Lock()
	defer j.keeping.Unlock()
	p.mu.Lock()
	body := j.snapshot()
	p.mu.Unlock()
	row := p.rowOf(j)
	var err error
	if row.Body, err = json.Marshal(body); err != nil {
		return err
	}
	if body.State == api.Queued {
		if row.Request, err = json.Marshal(asked{j.by, j.req}); err != nil {
			return err
		}
	}
	if err = how(ctx, row); errors.Is(err, store.ErrTaken) {
		p.giveUp(j)
	}
	return err
}

// rowOf names a calculation of this process in the store.
func (p *planner) rowOf(j *job) store.PlanJob {
	return store.PlanJob{Ubigeo: j.d.Ubigeo, ID: j.body.Id, Owner: p.owner} // an id never changes
}

// saving keeps the plan that a calculation comes to while it is this process's.
func (p *planner) saving(j *job) func(context.Context, patrol.Plan) (patrol.Plan, error) {
	return func(ctx context.Context, plan patrol.Plan) (patrol.Plan, error) {
		return p.a.store.SavePlanOf(ctx, plan, p.rowOf(j))
	}
}

// giveUp leaves a calculation to the process that has taken it over.
func (p *planner) giveUp(j *job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if j.taken {
		return
	}
	j.taken = true
	delete(p.jobs, j.body.Id) // the store knows how far it is
	if j.cancel != nil {
		j.cancel()
	}
	p.a.log.Warn("another process has taken over a calculation: this one was not heard of for too long", "ubigeo", j.d.Ubigeo, "job", j.body.Id)
}

func (p *planner) isTaken(j *job) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return j.taken
}

// orNone is a list that may be absent.
func orNone(list *[]string) []string {
	if list == nil {
		return nil
	}
	return *list
}

// takeOver queues the calculations that wait and whose process is gone.
func (p *planner) takeOver(ctx context.Context) {
	waiting, err := p.a.store.TakeJobs(ctx, p.owner, p.lost)
	if err != nil && ctx.Err() == nil {
		p.a.log.Warn("calculations that wait cannot be read", "err", err)
	}
	for _, w := range waiting {
		if own, _ := p.here(w.Ubigeo, w.ID); own != nil {
			continue // it was slow to speak of it
		}
		if err := p.take(ctx, w); err != nil {
			p.a.log.Error("take over a calculation", "ubigeo", w.Ubigeo, "job", w.ID, "err", err)
		}
	}
}

func (p *planner) take(ctx context.Context, w store.PlanJob) error {
	var was asked
	j := &job{}
	if err := errors.Join(json.Unmarshal(w.Body, &j.body), json.Unmarshal(w.Request, &was)); err != nil {
		return err
	}
	d, err := p.a.store.District(ctx, w.Ubigeo)
	if err != nil {
		return err
	}
	j.d, j.by, j.req = d, was.By, was.Request
	if !p.enqueue(ctx, j) { // later, or by another process
		return p.keep(ctx, j, p.a.store.ReleaseJob)
	}
	return nil
}

func goesOn(s api.JobState) bool { return s == api.Queued || s == api.Running }

// heard judges what the store knows of a calculation of another process: one
// that had begun, and of which nothing was heard for long, is lost. One that
// waits is taken over.
func (p *planner) heard(b api.Job, silent time.Duration) api.Job {
	if b.State == api.Running && silent > p.lost {
		said := jobEnded
		b.State, b.Message = api.Failed, &said
	}
	return b
}

// beat tells the store of the calculations that go on and takes over those that
// others left, until ctx ends; then it leaves those that still wait to others.
func (p *planner) beat(ctx context.Context) {
	tick := time.NewTicker(jobBeat)
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-ctx.Done():
			over = true
		case <-tick.C:
			p.takeOver(ctx)
		}
		var waiting, begun []*job
		p.mu.Lock()
		for _, j := range p.jobs {
			switch j.body.State {
			case api.Queued:
				waiting = append(waiting, j)
			case api.Running:
				begun = append(begun, j)
			}
		}
		p.mu.Unlock()
		for _, j := range begun {
			p.keepNow(j)
		}
		for _, j := range waiting {
			if over {
				p.letGo(j)
			} else {
				p.keepNow(j)
			}
		}
	}
}

// letGo leaves a calculation that has not begun to the process that comes next,
// or to another one at work.
func (p *planner) letGo(j *job) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := p.keep(ctx, j, p.a.store.ReleaseJob); err != nil && !errors.Is(err, store.ErrTaken) {
		p.a.log.Warn("a calculation that waits is not kept", "job", j.body.Id, "err", err)
	}
}

// keepNow is keep where nobody can be told of an error.
func (p *planner) keepNow(j *job) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := p.keep(ctx, j, p.a.store.SaveJob); err != nil && !errors.Is(err, store.ErrTaken) {
		p.a.log.Warn("a calculation's progress is not kept", "job", j.body.Id, "err", err)
	}
}
