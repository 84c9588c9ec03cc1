package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// What bounds an acknowledgement from below is the machine: how long a process
// waits for a processor, and how long the disk takes to keep something for good.

// timersLate measures every 5 ms by how much a timer is late, until ctx ends.
func timersLate(ctx context.Context) <-chan []time.Duration {
	out := make(chan []time.Duration, 1)
	go func() {
		const each = 5 * time.Millisecond
		var late []time.Duration
		for ctx.Err() == nil {
			begun := time.Now()
			time.Sleep(each)
			late = append(late, max(time.Since(begun)-each, 0))
		}
		out <- late
	}()
	return out
}

// timeSync measures how long it takes to write 8 KiB to the end of a file in dir
// and have them on disk, 200 times.
func timeSync(dir string) (took []time.Duration, err error) {
	f, err := os.Create(filepath.Join(dir, "sync"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	page := make([]byte, 8<<10)
	for range 200 {
		begun := time.Now()
		if _, err := f.Write(page); err != nil {
			return nil, err
		}
		if err := f.Sync(); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begun))
	}
	return took, nil
}
