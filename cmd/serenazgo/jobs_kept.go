package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/serenazgo/serenazgo/api"
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

// keep tells the store how far a calculation is: that it goes on, or that
// another process may take it.
func (p *planner) keep(ctx context.Context, j *job, body api.Job, how func(ctx context.Context, ubigeo, id string, body, request json.RawMessage) error) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	var request []byte
	if body.State == api.Queued {
		if request, err = json.Marshal(asked{j.by, j.req}); err != nil {
			return err
		}
	}
	return how(ctx, j.d.Ubigeo, body.Id, b, request)
}

// takeOver queues the calculations that wait and whose process is gone.
func (p *planner) takeOver(ctx context.Context) {
	waiting, err := p.a.store.TakeJobs(ctx, p.lost)
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

func (p *planner) take(ctx context.Context, w store.WaitingJob) error {
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
		return p.keep(ctx, j, j.body, p.a.store.ReleaseJob)
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
		type active struct {
			job  *job
			body api.Job
		}
		var all []active
		p.mu.Lock()
		for _, j := range p.jobs {
			if goesOn(j.body.State) {
				all = append(all, active{j, j.snapshot()})
			}
		}
		p.mu.Unlock()
		for _, a := range all {
			if over && a.body.State == api.Queued {
				p.letGo(a.job, a.body)
			} else {
				p.keepNow(a.job, a.body)
			}
		}
	}
}

// letGo leaves a calculation that has not begun to the process that comes next,
// or to another one at work.
func (p *planner) letGo(j *job, body api.Job) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := p.keep(ctx, j, body, p.a.store.ReleaseJob); err != nil {
		p.a.log.Warn("a calculation that waits is not kept", "job", body.Id, "err", err)
	}
}

// keepNow is keep where nobody can be told of an error.
func (p *planner) keepNow(j *job, body api.Job) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := p.keep(ctx, j, body, p.a.store.SaveJob); err != nil {
		p.a.log.Warn("a calculation's progress is not kept", "job", body.Id, "err", err)
	}
}
