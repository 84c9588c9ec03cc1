package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/serenazgo/serenazgo/api"
)

// A calculation lives in its process; the store knows how far it is, so that one
// who asks after a restart, or asks another process, gets an answer.
const (
	jobBeat = 5 * time.Second // how often the store is told that a job is worked on
	jobLost = 4 * jobBeat     // without that, its process is gone
)

// What one reads whose calculation ended with its process.
const jobEnded = "El servicio se reinició y el cálculo se perdió. Genere el plan otra vez."

// keep tells the store how far a calculation is, and that it goes on.
func (p *planner) keep(ctx context.Context, ubigeo string, body api.Job) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return p.a.store.SaveJob(ctx, ubigeo, body.Id, b)
}

func goesOn(s api.JobState) bool { return s == api.Queued || s == api.Running }

// ended is a calculation whose process is gone.
func ended(b api.Job) api.Job {
	said := jobEnded
	b.State, b.Message = api.Failed, &said
	return b
}

// beat tells the store of the calculations that go on, until ctx ends; then that
// those which are left have ended.
func (p *planner) beat(ctx context.Context) {
	tick := time.NewTicker(jobBeat)
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-ctx.Done():
			over = true
		case <-tick.C:
		}
		type active struct {
			ubigeo string
			body   api.Job
		}
		var all []active
		p.mu.Lock()
		for _, j := range p.jobs {
			if !goesOn(j.body.State) {
				continue
			}
			if over {
				j.body = ended(j.body)
			}
			all = append(all, active{j.d.Ubigeo, j.snapshot()})
		}
		p.mu.Unlock()
		for _, a := range all {
			p.keepNow(a.ubigeo, a.body)
		}
	}
}

// keepNow is keep where nobody can be told of an error.
func (p *planner) keepNow(ubigeo string, body api.Job) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := p.keep(ctx, ubigeo, body); err != nil {
		p.a.log.Warn("a calculation's progress is not kept", "job", body.Id, "err", err)
	}
}
