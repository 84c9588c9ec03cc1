package mqtt

import "sync"

// held are the bytes of the messages that are being stored, of all connections
// together. While they are too many, no connection is read from: the devices
// wait, and memory does not grow however long the store stalls.
type held struct {
	most int64

	mu    sync.Mutex
	bytes int64
	room  chan struct{} // closed when there is room again; nil: there is
	ended bool
}

// take counts a message that was read.
func (h *held) take(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bytes += int64(n); h.bytes > h.most && h.room == nil && !h.ended {
		h.room = make(chan struct{})
	}
}

// give says that a message is done with.
func (h *held) give(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bytes -= int64(n); h.bytes <= h.most && h.room != nil {
		close(h.room)
		h.room = nil
	}
}

// wait waits until there is room.
func (h *held) wait() {
	for {
		h.mu.Lock()
		room := h.room
		h.mu.Unlock()
		if room == nil {
			return
		}
		<-room
	}
}

// end lets everybody go on, for good.
func (h *held) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	if h.room != nil {
		close(h.room)
		h.room = nil
	}
}

// now is how many bytes are held.
func (h *held) now() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.bytes
}
