package mqtt

import (
	"net"
	"path/filepath"
	"sync"
	"testing"
)

// link is a stretch of network in front of a server, which a test can stall
// and cut.
type link struct {
	ln              net.Listener
	network, target string

	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	down   bool
	passes chan struct{} // closed while bytes pass
	wg     sync.WaitGroup
}

// newLink leads to a TCP address.
func newLink(t *testing.T, target string) *link {
	t.Helper()
	return serveLink(t, "tcp", "127.0.0.1:0", target)
}

// newSocketLink leads to a server's Unix socket, from one of the same name in
// another folder.
func newSocketLink(t *testing.T, target string) *link {
	t.Helper()
	return serveLink(t, "unix", filepath.Join(t.TempDir(), filepath.Base(target)), target)
}

func serveLink(t *testing.T, network, address, target string) *link {
	t.Helper()
	ln, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	l := &link{ln: ln, network: network, target: target, conns: map[net.Conn]struct{}{}, passes: make(chan struct{})}
	close(l.passes)
	l.wg.Go(l.serve)
	t.Cleanup(func() {
		_ = ln.Close()
		l.cut()
		l.wg.Wait()
	})
	return l
}

func (l *link) addr() string { return l.ln.Addr().String() }

func (l *link) serve() {
	for {
		near, err := l.ln.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial(l.network, l.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		l.mu.Lock()
		if l.down {
			_, _ = near.Close(), far.Close()
		} else {
			l.conns[near], l.conns[far] = struct{}{}, struct{}{}
			l.wg.Go(func() { l.carry(near, far) })
			l.wg.Go(func() { l.carry(far, near) })
		}
		l.mu.Unlock()
	}
}

// carry takes bytes one way. What it holds when the link is cut is lost.
func (l *link) carry(from, to net.Conn) {
	defer func() {
		_, _ = from.Close(), to.Close()
		l.mu.Lock()
		delete(l.conns, from)
		l.mu.Unlock()
	}()
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		l.mu.Lock()
		passes := l.passes
		l.mu.Unlock()
		<-passes
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// stall keeps connections open and lets nothing through any more.
func (l *link) stall() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.passes = make(chan struct{})
}

// cut breaks every connection, with what is on the way, and lets none begin.
func (l *link) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = true
	for c := range l.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
	l.flow()
}

// heal lets connections begin and bytes pass.
func (l *link) heal() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = false
	l.flow()
}

func (l *link) flow() {
	select {
	case <-l.passes:
	default:
		close(l.passes)
	}
}
