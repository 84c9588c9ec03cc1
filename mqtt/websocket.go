package mqtt

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mochi-mqtt/server/v2/listeners"
)

// wsDoor is a listener for MQTT over WebSocket (and TLS, if its net.Listener
// is one), for networks that let nothing but the web through. Any path will do.
type wsDoor struct {
	id     string
	ln     net.Listener
	gate   *gate
	limit  int64 // bytes of a WebSocket message
	server *http.Server
}

func newWSDoor(id string, ln net.Listener, g *gate, limit int64) *wsDoor {
	return &wsDoor{id: id, ln: ln, gate: g, limit: limit,
		server: &http.Server{ReadHeaderTimeout: g.connect, ErrorLog: slog.NewLogLogger(g.log.Handler(), slog.LevelDebug)}}
}

func (d *wsDoor) Init(*slog.Logger) error { return nil }
func (d *wsDoor) ID() string              { return d.id }
func (d *wsDoor) Address() string         { return d.ln.Addr().String() }
func (d *wsDoor) Protocol() string        { return d.id }

// Serve accepts connections until the listener is closed.
func (d *wsDoor) Serve(establish listeners.EstablishFn) {
	up := websocket.Upgrader{
		Subprotocols:     []string{"mqtt"},
		HandshakeTimeout: d.gate.connect,
		// Logins are by password in CONNECT, never by cookie, so a foreign page
		// gains nothing.
		CheckOrigin: func(*http.Request) bool { return true },
	}
	d.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			return // Upgrade has answered
		}
		c.SetReadLimit(d.limit)
		d.gate.enter(&wsConn{Conn: c.NetConn(), ws: c}, establish, d.id)
	})
	_ = d.server.Serve(d.ln)
}

// Close closes the listener and ends what is left of its clients.
func (d *wsDoor) Close(closeClients listeners.CloseFn) {
	_ = d.server.Close()
	_ = d.ln.Close()
	d.gate.drain(0)
	closeClients(d.id)
	d.gate.wg.Wait()
}

// wsConn makes a stream of bytes of binary WebSocket messages.
type wsConn struct {
	net.Conn
	ws   *websocket.Conn
	rest io.Reader // of the current message
}

func (c *wsConn) Read(b []byte) (int, error) {
	for {
		if c.rest == nil {
			kind, r, err := c.ws.NextReader()
			if err != nil {
				return 0, err
			}
			if kind != websocket.BinaryMessage {
				return 0, websocket.ErrBadHandshake
			}
			c.rest = r
		}
		n, err := c.rest.Read(b)
		if err == io.EOF {
			c.rest, err = nil, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (c *wsConn) Write(b []byte) (int, error) {
	if err := c.ws.WriteMessage(websocket.BinaryMessage, b); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Close says goodbye, for clients that tell a close from a failure.
func (c *wsConn) Close() error {
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	return c.Conn.Close()
}
