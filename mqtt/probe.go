package mqtt

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// probe finds out whether subscriptions deliver. There are brokers that accept
// a shared subscription and deliver nothing to it; without a probe the service
// would look healthy and be deaf.
//
// A probe is a message to a topic that the filter takes, published again and
// again until one comes back: with several processes in a group, another may
// get it. Processes acknowledge each other's probes and store nothing. Any
// other message that a filter takes shows just as well that it delivers.
type probe struct {
	payload string
	mu      *sync.Mutex
	open    map[string]bool // filters not yet seen to deliver
	fixed   map[string]bool // filters without wildcards: their probes have the topic itself
}

// probeMark begins every probe's payload, and its level stands in its topic.
const (
	probeMark  = "serenazgo-probe:"
	probeLevel = "probe"
)

func newProbe(filters []string) (probe, error) {
	nonce := make([]byte, 8)
	if _, err := rand.Read(nonce); err != nil {
		return probe{}, fmt.Errorf("MQTT subscriber: %w", err)
	}
	p := probe{payload: probeMark + hex.EncodeToString(nonce), mu: new(sync.Mutex), open: map[string]bool{}, fixed: map[string]bool{}}
	for _, f := range filters {
		p.open[f] = true
		if f = plainFilter(f); probeTopic(f) == f {
			p.fixed[f] = true
		}
	}
	return p, nil
}

// probeTopic makes a topic that the filter takes and no device has.
func probeTopic(filter string) string {
	levels := strings.Split(plainFilter(filter), "/")
	for i, l := range levels {
		if l == "+" || l == "#" {
			levels[i] = probeLevel
		}
	}
	return strings.Join(levels, "/")
}

// isProbeTopic tells a topic that probeTopic may have made.
func isProbeTopic(topic string) bool {
	return slices.Contains(strings.Split(topic, "/"), probeLevel) && !strings.ContainsAny(topic, "+#")
}

// take looks at a message that arrived and tells whether it was a probe.
func (p *probe) take(topic string, payload []byte) bool {
	isProbe := bytes.HasPrefix(payload, []byte(probeMark)) && (isProbeTopic(topic) || p.fixed[topic])
	if isProbe && string(payload) != p.payload {
		return true // of another process
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for f := range p.open {
		if matches(plainFilter(f), topic) {
			delete(p.open, f)
		}
	}
	return isProbe
}

// silent lists the filters that have delivered nothing yet.
func (p *probe) silent() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for f := range p.open {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

// matches tells whether an MQTT filter takes a topic.
func matches(filter, topic string) bool {
	for {
		f, frest, fmore := strings.Cut(filter, "/")
		if f == "#" {
			return true
		}
		t, trest, tmore := strings.Cut(topic, "/")
		if f != "+" && f != t {
			return false
		}
		if !fmore || !tmore {
			return !fmore && !tmore || !tmore && frest == "#"
		}
		filter, topic = frest, trest
	}
}

// runProbe publishes probes until every filter has delivered, or fails the
// subscriber.
func (s *Subscriber) runProbe() {
	if s.cfg.ProbeTimeout < 0 {
		close(s.ready)
		return
	}
	var last error
	waited := time.Duration(0)
	interval := min(250*time.Millisecond, s.cfg.ProbeTimeout/4)
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		silent := s.probe.silent()
		if len(silent) == 0 {
			s.log.Info("the subscriptions deliver")
			close(s.ready)
			return
		}
		// Time counts only while the connection is up and nothing else, such as
		// what waited at the broker, is still arriving before the probe.
		busy := len(s.arrived) > 0
		if s.client.IsConnectionOpen() && !busy {
			if waited += interval; waited > s.cfg.ProbeTimeout {
				err := fmt.Errorf("the MQTT broker accepted the subscription to %s and delivers nothing to it, not even a probe published to %s: "+
					"use a filter it supports (does it have shared subscriptions?) and give client %s the right to publish there",
					strings.Join(silent, ", "), probeTopic(silent[0]), s.cfg.ClientID)
				s.fail(errors.Join(err, last))
				return
			}
			for _, f := range silent {
				if err := s.Publish(probeTopic(f), []byte(s.probe.payload), false); err != nil {
					last = err
				}
			}
		}
		select {
		case <-ticker.C:
		case <-s.ending.Done():
			return
		}
	}
}
