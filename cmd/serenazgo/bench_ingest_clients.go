package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/store/measure"
)

// benchClients are the devices of a benchmark: one MQTT connection each, which
// stays over the phases.
type benchClients struct {
	url      string
	inflight int
	devices  []*benchDevice
}

type benchDevice struct {
	id, user, password string
	client             *mqtt.Device
	last               int64 // ms; instants of a device only grow
}

func (c *benchClients) add(id, password string, anonymous bool) {
	d := &benchDevice{id: id, user: mqtt.DeviceUser(benchUbigeo, id), password: password}
	if anonymous {
		d.user, d.password = "", ""
	}
	c.devices = append(c.devices, d)
}

// connectPatience is how long a broker may refuse the devices before there is no
// point in asking again: it lets nobody in, or is none.
const connectPatience = time.Minute

// connect connects all devices, a few dozen at a time.
func (c *benchClients) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectPatience+time.Duration(len(c.devices))*10*time.Millisecond)
	defer cancel()
	gate := make(chan struct{}, 50)
	errs := make(chan error, len(c.devices))
	for _, d := range c.devices {
		go func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			errs <- d.connect(ctx, c.url)
		}()
	}
	var first error
	for range c.devices {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (c *benchClients) close() {
	for _, d := range c.devices {
		if d.client != nil {
			d.client.Close()
			d.client = nil
		}
	}
}

// connect connects, again and again for as long as ctx lives.
func (d *benchDevice) connect(ctx context.Context, url string) error {
	for {
		c, err := mqtt.DialDevice(ctx, mqtt.DeviceConfig{URL: url, ClientID: "bench-" + d.id, Username: d.user, Password: d.password})
		if err == nil {
			d.client = c
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("device %s cannot connect to %s: %w", d.id, url, err)
		}
	}
}

// benchMessage is one fix on its way. Its payload is made when it is sent
// first, and stays.
type benchMessage struct {
	number  int64
	payload []byte
	sent    time.Time
	wait    time.Duration // till it was acknowledged, 0: not yet
}

// benchPhase is what a phase has come to.
type benchPhase struct {
	sent, acked  int
	resent       int64
	first, last  time.Time // first publication, last acknowledgement
	waits        []time.Duration
	ackedNumbers []measure.Number
	cpu          cpuUse
	late         []time.Duration // by which a timer of the clients was late
}

// micros gives a time for each message acknowledged, in µs.
func (p benchPhase) micros(d time.Duration) float64 {
	return ratio(float64(d.Microseconds()), float64(p.acked))
}

func (p benchPhase) rate() float64 { return ratio(float64(p.acked), p.last.Sub(p.first).Seconds()) }

// benchLoad is what is published in a phase. interval is the time between a
// device's messages, 0: as fast as they are acknowledged.
type benchLoad struct {
	messages int
	topic    string // last level
	interval time.Duration
}

// publish sends messages over all devices and waits until all are acknowledged.
// It fails when a service dies that was not killed on purpose.
func (c *benchClients) publish(ctx context.Context, load benchLoad, services []*benchService,
	progress func(acked int), published func(device string, at time.Time, sent time.Time)) (benchPhase, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for _, s := range services {
		stop := s.onDeath(cancel)
		defer stop()
	}
	var acked, resent atomic.Int64
	all := make([][]*benchMessage, len(c.devices))
	for n := range load.messages {
		d := n % len(c.devices)
		all[d] = append(all[d], &benchMessage{number: int64(len(all[d]))})
	}
	begun, worked := time.Now(), usedByTree()
	late := timersLate(ctx)
	done := make(chan error, len(c.devices))
	for i, d := range c.devices {
		r := benchRun{c: c, d: d, topic: "serenazgo/" + benchUbigeo + "/" + d.id + "/" + load.topic, interval: load.interval, acked: &acked, resent: &resent, published: published,
			// The devices' fixes are spread over the interval.
			begin: begun.Add(load.interval * time.Duration(i) / time.Duration(len(c.devices)))}
		go func() { done <- r.run(ctx, all[i]) }()
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var failed error
	for left := len(c.devices); left > 0; {
		select {
		case <-tick.C:
			progress(int(acked.Load()))
		case err := <-done:
			if left--; err != nil && failed == nil {
				failed = err
				cancel(err)
			}
		}
	}
	if failed != nil {
		return benchPhase{}, failed
	}
	progress(int(acked.Load()))
	cancel(nil)
	p := benchPhase{sent: load.messages, resent: resent.Load(), cpu: usedByTree().since(worked), late: <-late}
	for i, ms := range all {
		for _, m := range ms {
			if p.first.IsZero() || m.sent.Before(p.first) {
				p.first = m.sent
			}
			if end := m.sent.Add(m.wait); m.wait > 0 && end.After(p.last) {
				p.last = end
			}
			if m.wait > 0 {
				p.acked++
				p.waits = append(p.waits, m.wait)
				p.ackedNumbers = append(p.ackedNumbers, measure.Number{Device: c.devices[i].id, Seq: m.number})
			}
		}
	}
	return p, nil
}

// benchRun is one device in one phase.
type benchRun struct {
	c             *benchClients
	d             *benchDevice
	topic         string
	interval      time.Duration
	begin         time.Time
	acked, resent *atomic.Int64
	published     func(device string, at, sent time.Time)
}

// run publishes until every message is acknowledged. When the connection
// breaks, it connects again and resends what was not, in order.
func (r benchRun) run(ctx context.Context, messages []*benchMessage) error {
	for todo := messages; len(todo) > 0; {
		if r.d.client == nil {
			if err := r.d.connect(ctx, r.c.url); err != nil {
				return err
			}
		}
		r.once(ctx, todo)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var left []*benchMessage
		for _, m := range todo {
			if m.wait == 0 {
				left = append(left, m)
			}
		}
		if todo = left; len(todo) > 0 {
			r.d.client.Close()
			r.d.client = nil
		}
	}
	return nil
}

// once publishes messages over the present connection, for as long as it holds.
func (r benchRun) once(ctx context.Context, messages []*benchMessage) {
	ctx, broken := context.WithCancel(ctx)
	defer broken()
	slots := make(chan struct{}, r.c.inflight)
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, m := range messages {
		if due := r.begin.Add(r.interval * time.Duration(m.number)); r.interval > 0 && m.sent.IsZero() {
			select {
			case <-time.After(time.Until(due)):
			case <-ctx.Done():
				return
			}
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		if m.sent.IsZero() {
			m.sent = time.Now()
			r.d.last = max(r.d.last+1, m.sent.UnixMilli())
			m.payload = benchPayload(r.d.last, m.number)
			if r.published != nil {
				r.published(r.d.id, time.UnixMilli(r.d.last), m.sent)
			}
		} else {
			r.resent.Add(1)
		}
		wait := r.d.client.Start(r.topic, m.payload)
		wg.Go(func() {
			defer func() { <-slots }()
			if err := wait(ctx); err != nil {
				broken()
				return
			}
			m.wait = max(time.Since(m.sent), 1)
			r.acked.Add(1)
		})
	}
}

// benchPayload is a fix as a tracker sends it, somewhere on a circle.
func benchPayload(ms, number int64) []byte {
	step := float64(number % 360)
	return fmt.Appendf(nil, `{"ts":%d,"lat":%.6f,"lon":%.6f,"speed_kmh":%.1f,"course":%.0f,"acc":6,"alt":34,"batt":88,"ign":true,"seq":%d}`,
		ms, -8.08+step*1e-5, -79.0+step*1e-5, 18+step/36, step, number)
}
