package mqtt

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/listeners"
)

// gate holds the connections of all listeners. The broker library's own
// listeners end for good at the first failed accept, wait for ever for a
// connection that never says CONNECT, and cannot let a message in progress be
// acknowledged before the connection goes; hence this one.
type gate struct {
	limit   int           // most connections
	connect time.Duration // from accept to CONNECT
	log     *slog.Logger
	held    *held

	mu       sync.Mutex
	conns    map[*gateConn]struct{}
	draining bool
	wg       sync.WaitGroup
}

// enter runs the broker on a connection until it ends.
func (g *gate) enter(raw net.Conn, establish listeners.EstablishFn, id string) {
	c := &gateConn{Conn: raw, held: g.held}
	g.mu.Lock()
	if g.draining || len(g.conns) >= g.limit {
		full := !g.draining
		g.mu.Unlock()
		_ = raw.Close()
		if full {
			g.log.Warn("connection refused: the broker has as many as it may have", "limit", g.limit, "remote", raw.RemoteAddr())
		}
		return
	}
	g.conns[c] = struct{}{}
	g.wg.Add(1)
	g.mu.Unlock()
	defer func() {
		_ = raw.Close()
		g.mu.Lock()
		delete(g.conns, c)
		g.mu.Unlock()
		g.wg.Done()
	}()
	_ = c.SetDeadline(time.Now().Add(g.connect))
	if err := establish(id, c); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
		g.log.Debug("MQTT connection ended", "remote", raw.RemoteAddr(), "reason", err)
	}
}

// drain lets no further connection in and no further byte: what is being
// handled is still answered, and each connection then ends by itself. It waits
// for that, at most for patience.
func (g *gate) drain(patience time.Duration) {
	g.mu.Lock()
	g.draining = true
	g.held.end()
	for c := range g.conns {
		c.endInput()
	}
	g.mu.Unlock()
	done := make(chan struct{})
	go func() {
		g.wg.Wait()
		close(done)
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		g.mu.Lock()
		for c := range g.conns {
			_ = c.Close()
		}
		g.mu.Unlock()
	}
}

// gateConn is a connection whose input can be ended.
type gateConn struct {
	net.Conn
	held  *held
	mu    sync.Mutex
	ended bool
	last  func() // what to wait for before the end of the input is told
}

// atEnd names what has to be over before the end of the input is told.
func (c *gateConn) atEnd(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = f
}

func (c *gateConn) endInput() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	_ = c.Conn.SetReadDeadline(time.Unix(1, 0))
}

// SetDeadline is called by the broker before every read; once the input has
// ended, it stays so.
func (c *gateConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return c.Conn.SetWriteDeadline(t)
	}
	return c.Conn.SetDeadline(t)
}

// Read waits while the broker holds too much, and reports the end of the input as
// such, not as a timeout.
func (c *gateConn) Read(b []byte) (int, error) {
	c.held.wait()
	n, err := c.Conn.Read(b)
	if err != nil {
		c.mu.Lock()
		ended, last := c.ended, c.last
		c.mu.Unlock()
		if ended {
			if err = io.EOF; last != nil {
				last()
			}
		}
	}
	return n, err
}

// writePatience bounds a write to a client that does not read: whoever takes
// the session over, or ends the broker, must not hang on it.
const writePatience = 20 * time.Second

// Write fails when the client takes nothing for writePatience.
func (c *gateConn) Write(b []byte) (int, error) {
	_ = c.Conn.SetWriteDeadline(time.Now().Add(writePatience))
	return c.Conn.Write(b)
}

// tcpDoor is a listener for MQTT over TCP or TLS.
type tcpDoor struct {
	id   string
	ln   net.Listener
	gate *gate
}

func (d *tcpDoor) Init(*slog.Logger) error { return nil }
func (d *tcpDoor) ID() string              { return d.id }
func (d *tcpDoor) Address() string         { return d.ln.Addr().String() }
func (d *tcpDoor) Protocol() string        { return d.id }

// Serve accepts connections until the listener is closed.
func (d *tcpDoor) Serve(establish listeners.EstablishFn) {
	for wait := time.Duration(0); ; {
		c, err := d.ln.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			// Too many open files, as a rule: it passes.
			wait = min(max(2*wait, 5*time.Millisecond), time.Second)
			d.gate.log.Error("cannot accept MQTT connections; trying again", "error", err)
			time.Sleep(wait)
			continue
		}
		wait = 0
		go d.gate.enter(c, establish, d.id)
	}
}

// Close closes the listener and ends what is left of its clients.
func (d *tcpDoor) Close(closeClients listeners.CloseFn) {
	_ = d.ln.Close()
	d.gate.drain(0)
	closeClients(d.id)
	d.gate.wg.Wait()
}
