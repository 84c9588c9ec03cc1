package main

import (
	"context"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/store/measure"
)

// brokerOnly publishes as many messages to the broker alone, as fast as it
// takes them. An external broker gets them under a topic that nobody subscribes
// to.
func (b *ingestBench) brokerOnly(ctx context.Context, report *progress, note string) (benchPhase, error) {
	topic := "pos"
	if b.cmd.Broker != "" {
		topic = "bench"
	} else {
		if err := b.services[0].bypass(ctx, true); err != nil {
			return benchPhase{}, err
		}
		defer func() { _ = b.services[0].bypass(context.WithoutCancel(ctx), false) }()
	}
	return b.clients.publish(ctx, benchLoad{messages: b.cmd.Messages, topic: topic}, b.services, func(acked int) {
		report.Set(float64(acked), float64(b.cmd.Messages), note)
	}, nil)
}

// full publishes to the whole service, which is killed in the middle if asked.
func (b *ingestBench) full(ctx context.Context, report *progress) (benchPhase, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	half := make(chan struct{})
	killed := make(chan error, 1)
	if b.cmd.KillWriter {
		go func() {
			select {
			case <-half:
				killed <- b.services[0].killAndRestart(ctx)
			case <-ctx.Done():
				killed <- nil
			}
		}()
	} else {
		killed <- nil
	}
	passed := false
	load := benchLoad{messages: b.cmd.Messages, topic: "pos", interval: time.Duration(b.cmd.Interval) * time.Millisecond}
	if b.cmd.CPUProfile != "" {
		if err := b.services[0].get(ctx, benchProfilePath+"true"); err != nil {
			return benchPhase{}, err
		}
	}
	p, err := b.clients.publish(ctx, load, b.services, func(acked int) {
		report.Set(float64(acked), float64(b.cmd.Messages), "whole service")
		if !passed && acked >= b.cmd.Messages/2 {
			passed = true
			close(half)
		}
	}, b.stream.published)
	if err != nil {
		cancel()
		<-killed
		return p, err
	}
	if err := <-killed; err != nil {
		return p, fmt.Errorf("restart of the killed service: %w", err)
	}
	if b.cmd.CPUProfile != "" {
		if err := b.services[0].get(ctx, benchProfilePath+"false"); err != nil {
			return p, err
		}
	}
	b.stream.settle()
	return p, nil
}

// drain waits until what an external broker acknowledged is stored, or nothing
// more comes for 15 s; it gives the time of the last row seen to come.
func (b *ingestBench) drain(ctx context.Context, report *progress, want int) (time.Time, error) {
	last, seen := time.Now(), int64(-1)
	for {
		n, err := measure.Count(ctx, b.cluster.URL("postgres"), benchUbigeo)
		if err != nil {
			return last, err
		}
		if n > seen {
			seen, last = n, time.Now()
		}
		report.Set(float64(n), float64(want), "waiting for the ingest processes")
		if n >= int64(want) || time.Since(last) > 15*time.Second {
			return last, nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return last, ctx.Err()
		}
	}
}
