package mqtt

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"os"
	"syscall"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// lastWords is a connection to somebody else's broker that is read to its end.
// A broker hands a message on to us before it acknowledges it to the device, so
// when it is killed, what it acknowledged last may be in the buffer of our
// socket and nowhere else. The client library would close the connection at the
// first write that fails, and lose it; here such a write counts as done, and the
// end is what reading finds behind the last message.
//
// Reads are buffered: the library reads a packet in four pieces.
type lastWords struct {
	net.Conn
	in *bufio.Reader
}

func (c *lastWords) Read(b []byte) (int, error) { return c.in.Read(b) }

func (c *lastWords) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) {
		return len(b), nil
	}
	return n, err
}

// listenToTheEnd makes a client's connections lastWords. WebSockets, and
// connections through a proxy that the environment names, stay the library's.
func listenToTheEnd(o *paho.ClientOptions, scheme string) {
	if os.Getenv("ALL_PROXY") != "" || os.Getenv("all_proxy") != "" || scheme == "ws" || scheme == "wss" {
		return
	}
	o.SetCustomOpenConnectionFn(func(u *url.URL, o paho.ClientOptions) (net.Conn, error) {
		dialer := &net.Dialer{Timeout: o.ConnectTimeout}
		var c net.Conn
		var err error
		switch u.Scheme {
		case "ssl", "tls", "mqtts":
			c, err = tls.DialWithDialer(dialer, "tcp", u.Host, o.TLSConfig)
		default:
			c, err = dialer.Dial("tcp", u.Host)
		}
		if err != nil {
			return nil, err
		}
		return &lastWords{c, bufio.NewReaderSize(c, 16<<10)}, nil
	})
}
