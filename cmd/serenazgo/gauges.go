package main

import (
	"time"

	"github.com/serenazgo/serenazgo/mqtt"
)

// gauges are the figures of /metrics.
func (a *App) gauges() map[string]func() float64 {
	out := map[string]func() float64{
		"serenazgo_uptime_seconds":           func() float64 { return time.Since(a.begun).Seconds() },
		"serenazgo_fixes_submitted_total":    func() float64 { return float64(a.ingest.Stats().Submitted) },
		"serenazgo_fixes_stored_total":       func() float64 { return float64(a.ingest.Stats().Stored) },
		"serenazgo_fixes_known_total":        func() float64 { return float64(a.ingest.Stats().Known) },
		"serenazgo_dead_letters_total":       func() float64 { return float64(a.ingest.Stats().DeadLetters) },
		"serenazgo_ingest_store_error_total": func() float64 { return float64(a.ingest.Stats().StoreErrors) },
		"serenazgo_ingest_queued":            func() float64 { return float64(a.ingest.Stats().Queued) },
	}
	door := func() mqtt.Stats {
		if a.broker != nil {
			return a.broker.Stats()
		}
		if a.outside != nil {
			return a.outside.Stats()
		}
		return mqtt.Stats{}
	}
	out["serenazgo_mqtt_connected"] = func() float64 { return float64(door().Connected) }
	out["serenazgo_mqtt_messages_total"] = func() float64 { return float64(door().Messages) }
	out["serenazgo_mqtt_acknowledged_total"] = func() float64 { return float64(door().Acknowledged) }
	out["serenazgo_mqtt_qos0_total"] = func() float64 { return float64(door().QoS0) }
	return out
}
