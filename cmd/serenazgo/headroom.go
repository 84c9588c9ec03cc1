package main

import "runtime"

// headroom is how much a service may allocate at least between two collections
// of garbage. What it keeps is little (some 30 MB for 200 units), so that under
// load it would collect many times a second; the collector begins when the heap
// has doubled.
const headroom = 32 << 20

// keepHeadroom makes the heap look larger by pages that are never touched, so
// that they cost no memory, until the function returned is called.
func keepHeadroom() (release func()) {
	pages := make([]byte, headroom)
	return func() { runtime.KeepAlive(pages) }
}
