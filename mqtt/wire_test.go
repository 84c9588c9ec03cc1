package mqtt

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// Packets written by hand, for what no well-behaved client does.

func text(s string) []byte { return append(binary.BigEndian.AppendUint16(nil, uint16(len(s))), s...) }

func packet(first byte, body []byte) []byte {
	out := []byte{first}
	for n := len(body); ; {
		d := byte(n % 128)
		if n /= 128; n > 0 {
			d |= 128
		}
		if out = append(out, d); n == 0 {
			return append(out, body...)
		}
	}
}

func connect(version byte, clean bool, id, user, password string) []byte {
	flags := byte(0xC0)
	if clean {
		flags |= 2
	}
	body := append(text("MQTT"), version, flags, 0, 60)
	if version == 5 {
		body = append(body, 5, 0x11, 0, 0, 0, 60) // session expires after 60 s
	}
	body = append(body, text(id)...)
	return packet(0x10, append(append(body, text(user)...), text(password)...))
}

func publish(version byte, id uint16, topic, payload string) []byte {
	body := binary.BigEndian.AppendUint16(text(topic), id)
	if version == 5 {
		body = append(body, 0)
	}
	return packet(0x32, append(body, payload...))
}

// wire is a raw connection.
type wire struct {
	t *testing.T
	net.Conn
}

func raw(t *testing.T, addr string) *wire {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return &wire{t, c}
}

func (w *wire) send(b []byte) {
	w.t.Helper()
	if _, err := w.Write(b); err != nil {
		w.t.Fatal(err)
	}
}

// receive reads one packet of less than 128 bytes.
func (w *wire) receive() (first byte, body []byte, err error) {
	_ = w.SetReadDeadline(time.Now().Add(patience))
	head := make([]byte, 2)
	if _, err := io.ReadFull(w, head); err != nil {
		return 0, nil, err
	}
	body = make([]byte, head[1])
	_, err = io.ReadFull(w, body)
	return head[0], body, err
}

func (w *wire) expect(what string, first byte, body ...byte) {
	w.t.Helper()
	f, b, err := w.receive()
	if err != nil || f != first || !bytes.HasPrefix(b, body) {
		w.t.Fatalf("%s: got %#x % x, %v; want %#x % x", what, f, b, err, first, body)
	}
}

// gone waits until the broker has closed the connection.
func (w *wire) gone() {
	w.t.Helper()
	_ = w.SetReadDeadline(time.Now().Add(patience))
	if _, err := io.Copy(io.Discard, w); errors.Is(err, os.ErrDeadlineExceeded) {
		w.t.Fatal("the connection was left open")
	}
}

func TestNoAcknowledgementOfTheSessionBefore(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	password := s.device("C01")
	release := s.store.hold()
	w := raw(t, b.Addr())
	w.send(connect(4, false, "x", "130102/C01", password))
	w.expect("CONNACK", 0x20, 0, 0)
	w.send(publish(4, 5, PosTopic("130102", "C01"), payload(1)))
	eventually(t, "the message in progress", func() bool { return s.in.Stats().Queued == 1 })
	// The device loses power, and with it its memory.
	_ = w.Close()
	again := raw(t, b.Addr())
	release()
	eventually(t, "stored", func() bool { return len(s.rows("C01")) == 1 })
	eventually(t, "noticed", func() bool { return b.Stats().Connected == 0 })
	again.send(connect(4, false, "x", "130102/C01", password))
	again.expect("CONNACK with a session", 0x20, 1, 0)
	again.send(packet(0xC0, nil))
	again.expect("PINGRESP and no PUBACK before it", 0xD0)
}

func TestVersion5(t *testing.T) {
	s := newSite(t)
	b := s.broker(func(c *BrokerConfig) { c.Patience = 50 * time.Millisecond })
	w := raw(t, b.Addr())
	w.send(connect(5, true, "x", "130102/C01", s.device("C01")))
	w.expect("CONNACK", 0x20, 0, 0)
	w.send(publish(5, 7, PosTopic("130102", "C01"), payload(1)))
	w.expect("PUBACK", 0x40, 0, 7)
	w.send(publish(5, 8, PosTopic("130102", "C02"), payload(2)))
	w.expect("PUBACK not authorized", 0x40, 0, 8, 0x87)
	s.store.down.Store(true)
	w.send(publish(5, 9, PosTopic("130102", "C01"), payload(3)))
	w.expect("DISCONNECT server busy", 0xE0, 0x89)
	w.gone()
	if got := s.rows("C01"); !slices.Equal(got, []int64{1}) {
		t.Errorf("stored %v", got)
	}
}

func TestNonsenseOnTheWire(t *testing.T) {
	s := newSite(t)
	b := s.broker(func(c *BrokerConfig) { c.MaxPacket = 4096 })
	password := s.device("C01")
	login := connect(4, true, "x", "130102/C01", password)
	for name, bytes := range map[string][]byte{
		"HTTP":                 []byte("GET / HTTP/1.1\r\n\r\n"),
		"TLS":                  {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00},
		"publish first":        publish(4, 1, PosTopic("130102", "C01"), payload(1)),
		"endless length":       {0x10, 0xff, 0xff, 0xff, 0xff, 0xff},
		"a gigabyte announced": append(slices.Clone(login), 0x32, 0xff, 0xff, 0xff, 0x7f),
		"too large":            append(slices.Clone(login), publish(4, 1, PosTopic("130102", "C01"), strings.Repeat(" ", 5000))...),
		"second CONNECT":       append(slices.Clone(login), login...),
		"wildcard topic":       append(slices.Clone(login), publish(4, 1, "serenazgo/130102/+/pos", payload(1))...),
		"no packet id":         append(slices.Clone(login), publish(4, 0, PosTopic("130102", "C01"), payload(1))...),
	} {
		t.Run(name, func(t *testing.T) {
			w := raw(t, b.Addr())
			w.send(bytes)
			w.gone()
		})
	}
	if got := s.rows("C01"); len(got) != 0 {
		t.Errorf("stored %v", got)
	}
}

func TestCloseWithSilentConnections(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	silent := raw(t, b.Addr())
	half := raw(t, b.Addr())
	half.send([]byte{0x10, 0x40, 0, 4})
	idle := raw(t, b.Addr())
	idle.send(connect(4, true, "x", "130102/C01", s.device("C01")))
	idle.expect("CONNACK", 0x20, 0, 0)
	b.Close()
	silent.gone()
	half.gone()
	idle.gone()
	if _, err := net.Dial("tcp", b.Addr()); err == nil {
		t.Error("still listening")
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	s := newSite(t)
	b := s.broker(func(c *BrokerConfig) { c.MaxConnections = 2 })
	password := s.device("C01")
	for _, id := range []string{"a", "b"} {
		w := raw(t, b.Addr())
		w.send(connect(4, true, id, "130102/C01", password))
		w.expect("CONNACK", 0x20, 0, 0)
	}
	raw(t, b.Addr()).gone()
}

func TestTLSAndWebSocket(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "broker"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	server := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}

	s := newSite(t)
	plain := s.broker(func(c *BrokerConfig) { c.ListenWebSocket = "127.0.0.1:0" })
	secure := s.broker(func(c *BrokerConfig) {
		c.Listen, c.ListenTLS, c.ListenWebSocket, c.TLS = "", "127.0.0.1:0", "127.0.0.1:0", server
	})
	password := s.device("C01")
	for n, url := range []string{"ws://" + plain.Addrs()[1] + "/mqtt", "ssl://" + secure.Addrs()[0], "wss://" + secure.Addrs()[1] + "/mqtt"} {
		o := client(url, "x", "130102/C01", password)
		o.SetTLSConfig(&tls.Config{RootCAs: pool})
		c := dial(t, o)
		for k := range 20 {
			wait(t, c.Publish(PosTopic("130102", "C01"), 1, false, payload(100*n+k)))
		}
		// Larger than any buffer on the way.
		wait(t, c.Publish(PosTopic("130102", "C01"), 1, false, payload(100*n+20)+strings.Repeat(" ", 100_000)))
		if got := s.rows("C01"); len(got) != 21*(n+1) {
			t.Errorf("%s: %d stored", url, len(got))
		}
	}
	untrusted := paho.NewClient(client("ssl://"+secure.Addrs()[0], "x", "130102/C01", password)).Connect()
	if !untrusted.WaitTimeout(patience) || untrusted.Error() == nil {
		t.Error("connected without trusting the certificate")
	}
	raw(t, plain.Addrs()[1]).send([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
}
