package main

import (
	"fmt"
	"slices"
	"time"
)

// benchIngestResult has the keys that scripts rely on.
type benchIngestResult struct {
	Sent          int     `json:"sent"`
	Acked         int     `json:"acked"`
	Stored        int64   `json:"stored"`
	Duplicates    int64   `json:"duplicates"`
	Lost          int     `json:"lost"`
	RatePerS      float64 `json:"rate_per_s"`
	AckP50Ms      float64 `json:"ack_p50_ms"`
	AckP99Ms      float64 `json:"ack_p99_ms"`
	FixToSSEP99Ms float64 `json:"fix_to_sse_p99_ms"`
	CopyRowsPerS  float64 `json:"copy_rows_per_s"`
	RatioToCopy   float64 `json:"ratio_to_copy"`
	BrokerPerS    float64 `json:"broker_only_per_s"`
	RatioToBroker float64 `json:"ratio_to_broker"`

	// Beyond the contract.
	FixToSSEP50Ms float64 `json:"fix_to_sse_p50_ms"`
	SSEFixes      int     `json:"sse_fixes"` // fixes seen on the stream; newer ones of a unit replace older
	Resent        int64   `json:"resent"`    // publications of a message beyond its first
	StoredPerS    float64 `json:"stored_per_s"`
	RowsPerCommit float64 `json:"rows_per_commit"`
	Killed        bool    `json:"killed"`
	// Processor time of a message in µs, of all processes together and of each
	// side, then with the broker alone, and the ratio of the two: it hardly
	// depends on what else the machine does. 0: not known.
	CPUMicros       float64   `json:"cpu_us_per_message"`
	CPUSides        benchCPUs `json:"cpu_us_sides"`
	BrokerCPUMicros float64   `json:"broker_cpu_us_per_message"`
	BrokerCPUSides  benchCPUs `json:"broker_cpu_us_sides"`
	RatioCPU        float64   `json:"ratio_to_broker_cpu"`
	// What the machine itself withheld: by how much a timer of the clients was
	// late while the service was measured, and how long it takes to bring 8 KiB to
	// the disk, measured afterwards.
	TimerLateP99Ms float64 `json:"timer_late_p99_ms"`
	FsyncP50Ms     float64 `json:"fsync_p50_ms"`
	FsyncP99Ms     float64 `json:"fsync_p99_ms"`
}

// benchCPUs are µs of processor time a message. Clients count the benchmark's
// own share, an external broker nowhere.
type benchCPUs struct {
	Clients  float64 `json:"clients"`
	Service  float64 `json:"service"`
	Database float64 `json:"database"`
}

func (c benchCPUs) String() string {
	return fmt.Sprintf("clients %.0f, service %.0f, database %.0f", c.Clients, c.Service, c.Database)
}

func (p benchPhase) sides() benchCPUs {
	return benchCPUs{p.micros(p.cpu.self), p.micros(p.cpu.children), p.micros(p.cpu.database)}
}

func (r benchIngestResult) print() {
	fmt.Printf("sent %d, acknowledged %d, stored %d, lost %d, duplicates %d (resent %d)\n", r.Sent, r.Acked, r.Stored, r.Lost, r.Duplicates, r.Resent)
	fmt.Printf("%.0f/s acknowledged; p50 %.1f ms, p99 %.1f ms; %.0f rows a commit\n", r.RatePerS, r.AckP50Ms, r.AckP99Ms, r.RowsPerCommit)
	fmt.Printf("fix to page: p50 %.1f ms, p99 %.1f ms (%d fixes on the stream)\n", r.FixToSSEP50Ms, r.FixToSSEP99Ms, r.SSEFixes)
	fmt.Printf("processor time of a message %.0f µs (%s), with the broker alone %.0f µs (%s): ratio %.2f\n",
		r.CPUMicros, r.CPUSides, r.BrokerCPUMicros, r.BrokerCPUSides, r.RatioCPU)
	fmt.Printf("the machine: timers late by %.1f ms (p99), 8 KiB on disk in %.1f ms (p50), %.1f ms (p99)\n", r.TimerLateP99Ms, r.FsyncP50Ms, r.FsyncP99Ms)
	fmt.Printf("broker alone %.0f/s (ratio %.2f); COPY %.0f rows/s (ratio %.3f)\n", r.BrokerPerS, r.RatioToBroker, r.CopyRowsPerS, r.RatioToCopy)
}

// percentile of durations in ms, by nearest rank; 0 if there are none.
func percentile(ds []time.Duration, p int) float64 {
	if len(ds) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(ds))
	i := (len(s)*p + 99) / 100
	return float64(s[max(i-1, 0)].Microseconds()) / 1000
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
