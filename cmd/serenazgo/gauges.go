package main

import (
	"context"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/mqtt"
)

// gauges are the figures of /metrics.
func (a *App) gauges() []api.Figure {
	out := []api.Figure{{Name: "serenazgo_uptime_seconds", Help: "since the start of this process", Value: time.Since(a.begun).Seconds()}}
	out = append(out, a.ingestFigures()...)
	for door, s := range a.doorStats() {
		out = append(out, doorFigures(door, s)...)
	}
	for _, s := range a.tracker.Silences(a.now()) {
		out = append(out, api.Figure{Name: "serenazgo_device_silence_seconds", Help: "since a device was heard last",
			Labels: map[string]string{"ubigeo": s.Ubigeo, "device": s.Device}, Value: s.For.Seconds()})
	}
	return out
}

// ingestFigures are those of the writer.
func (a *App) ingestFigures() []api.Figure {
	s, lags := a.ingest.Stats(), a.ingest.Lags()
	failing := 0.0
	if since, why := a.ingest.Failing(); why != nil {
		failing = time.Since(since).Seconds()
	}
	out := []api.Figure{
		{Name: "serenazgo_fixes_submitted_total", Help: "fixes that came in", Value: float64(s.Submitted)},
		{Name: "serenazgo_fixes_stored_total", Help: "fixes stored; its rate is the rate of ingest", Value: float64(s.Stored)},
		{Name: "serenazgo_fixes_known_total", Help: "fixes delivered again", Value: float64(s.Known)},
		{Name: "serenazgo_ingest_commits_total", Help: "commits of fixes", Value: float64(s.Batches)},
		{Name: "serenazgo_dead_letters_total", Help: "payloads that could not be decoded, kept", Value: float64(s.DeadLetters)},
		{Name: "serenazgo_raw_payloads_dropped_total", Help: "payloads to be kept for support that were not, for want of room or of the store; their fixes are not concerned", Value: float64(a.raw.Dropped())},
		{Name: "serenazgo_ingest_queued", Help: "fixes that wait or are being written", Value: float64(s.Queued)},
		{Name: "serenazgo_ingest_blocked_total", Help: "submissions that had to wait because the queue was full", Value: float64(s.Blocked)},
		{Name: "serenazgo_ingest_abandoned_total", Help: "fixes not stored and not acknowledged", Value: float64(s.Abandoned)},
		{Name: "serenazgo_ingest_store_error_total", Help: "attempts to store that failed", Value: float64(s.StoreErrors)},
		{Name: "serenazgo_ingest_failing_seconds", Help: "since the store takes nothing; 0 while it works", Value: failing},
		{Name: "serenazgo_fix_age_seconds", Help: "from the time of a live fix to its commit", Spread: spread(&lags.Age)},
		{Name: "serenazgo_fix_stored_seconds", Help: "from the reception of a live fix to its commit", Spread: spread(&lags.Stored)},
		{Name: "serenazgo_fix_told_seconds", Help: "from a commit until browsers are told, a commit at a time", Spread: spread(&lags.Told)},
	}
	state := api.ServiceWorks
	if now := a.degraded.Load(); now != nil {
		state = *now
	}
	for _, why := range []api.ServiceState{api.ServiceDiskFull, api.ServiceNoStore} {
		f := api.Figure{Name: "serenazgo_degraded", Help: "1 while the store takes nothing, by what is wrong with it", Labels: map[string]string{"why": string(why)}}
		if state == why {
			f.Value = 1
		}
		out = append(out, f)
	}
	return out
}

func spread(l *fleet.Lag) *api.Spread {
	c := l.Read()
	return &api.Spread{AtMost: c.AtMost, Count: c.Count, Sum: c.Sum}
}

// doorStats are the counters of the doors that are open, by name.
func (a *App) doorStats() map[string]mqtt.Stats {
	out := map[string]mqtt.Stats{}
	if a.broker != nil {
		out["broker"] = a.broker.Stats()
	}
	if a.outside != nil {
		out["subscriber"] = a.outside.Stats()
	}
	if a.phones != nil {
		out["http"] = a.phones.Stats()
	}
	return out
}

func doorFigures(door string, s mqtt.Stats) []api.Figure {
	at := map[string]string{"door": door}
	out := []api.Figure{
		{Name: "serenazgo_mqtt_connected", Help: "connections", Labels: at, Value: float64(s.Connected)},
		{Name: "serenazgo_mqtt_messages_total", Help: "payloads received, those that came again included", Labels: at, Value: float64(s.Messages)},
		{Name: "serenazgo_mqtt_acknowledged_total", Help: "payloads acknowledged, after their commit", Labels: at, Value: float64(s.Acknowledged)},
		{Name: "serenazgo_mqtt_unsaved_total", Help: "payloads not acknowledged because they were not stored in time", Labels: at, Value: float64(s.Unsaved)},
		{Name: "serenazgo_mqtt_oversized_total", Help: "payloads too large to be taken; their connection was ended", Labels: at, Value: float64(s.Oversized)},
		{Name: "serenazgo_mqtt_held_bytes", Help: "of payloads that are being stored", Labels: at, Value: float64(s.HeldBytes)},
		{Name: "serenazgo_mqtt_qos0_total", Help: "payloads without the guarantee of delivery: set these devices to QoS 1", Labels: at, Value: float64(s.QoS0)},
		{Name: "serenazgo_mqtt_ignored_fields_total", Help: "optional fields that could not be read", Labels: at, Value: float64(s.IgnoredFields)},
	}
	for why, n := range map[string]int64{"login": s.Refused, "throttled": s.Throttled, "topic": s.Denied} {
		out = append(out, api.Figure{Name: "serenazgo_mqtt_refused_total", Help: "logins, and publications and subscriptions of foreign topics, refused",
			Labels: map[string]string{"door": door, "why": why}, Value: float64(n)})
	}
	for format, n := range s.ByDecoder {
		out = append(out, api.Figure{Name: "serenazgo_payloads_total", Help: "payloads by format",
			Labels: map[string]string{"door": door, "format": format}, Value: float64(n)})
	}
	return out
}

// failingAfter is how long the store must have failed before the service counts
// as not ready.
const failingAfter = 10 * time.Second

// ready tells why the service cannot work, if it cannot: the database does not
// answer, or takes no fixes.
func (a *App) ready(ctx context.Context) error {
	if since, why := a.ingest.Failing(); why != nil && time.Since(since) > failingAfter {
		return fmt.Errorf("no position is stored since %s: %w", since.UTC().Format(time.RFC3339), why)
	}
	return a.store.Ping(ctx)
}
