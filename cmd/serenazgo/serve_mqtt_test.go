package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/mqtt/device"
)

// papers writes a certificate for this machine that vouches for itself, and its
// key, into dir.
func papers(t *testing.T, dir string, serial int64, until time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "broker"}, NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &private.PublicKey, private)
	must(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	must(t, err)
	cert, key = filepath.Join(dir, "broker.crt"), filepath.Join(dir, "broker.key")
	must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600))
	return cert, key
}

func TestServeRefusesDoors(t *testing.T) {
	dir := t.TempDir()
	tomorrow := time.Now().Add(24 * time.Hour)
	cert, key := papers(t, dir, 1, tomorrow)
	_, otherKey := papers(t, mkdir(t, dir, "other"), 2, tomorrow)
	oldCert, oldKey := papers(t, mkdir(t, dir, "old"), 3, time.Now().Add(-time.Hour))
	text := filepath.Join(dir, "notes.txt")
	must(t, os.WriteFile(text, []byte("no certificate"), 0o600))
	secret := strings.Repeat("x7", 10)
	for _, c := range []struct {
		name string
		set  mqttFlags
		want string
	}{
		{"TLS without a certificate", mqttFlags{MQTTTLSListen: ":0"}, "--mqtt-cert and --mqtt-key"},
		{"a certificate without its key", mqttFlags{MQTTTLSListen: ":0", MQTTCert: cert}, "belong together"},
		{"a certificate for nothing", mqttFlags{MQTTCert: cert, MQTTKey: key}, "no listener"},
		{"no such file", mqttFlags{MQTTTLSListen: ":0", MQTTCert: filepath.Join(dir, "none.crt"), MQTTKey: key}, "none.crt"},
		{"another's key", mqttFlags{MQTTTLSListen: ":0", MQTTCert: cert, MQTTKey: otherKey}, "private key does not match public key"},
		{"key and certificate exchanged", mqttFlags{MQTTTLSListen: ":0", MQTTCert: key, MQTTKey: cert}, "its own key, both PEM"},
		{"no certificate at all", mqttFlags{MQTTTLSListen: ":0", MQTTCert: text, MQTTKey: key}, "notes.txt"},
		{"out of date", mqttFlags{MQTTTLSListen: ":0", MQTTCert: oldCert, MQTTKey: oldKey}, "ran out on"},
		{"no door", mqttFlags{MQTTListen: "none"}, "no way in"},
		{"topics without a broker", mqttFlags{Subscribe: []string{"#"}}, "--mqtt-broker"},
		{"authority without a broker", mqttFlags{MQTTCA: cert}, "--mqtt-broker"},
		{"authority that is none", mqttFlags{MQTTBroker: "ssl://h:1", MQTTCA: text}, "no certificate in PEM form"},
		{"two brokers", mqttFlags{MQTTBroker: "tcp://h:1", MQTTTLSListen: ":0"}, "embedded broker"},
		{"a service without a password", mqttFlags{MQTTService: "bridge"}, "belong together"},
		{"a service named as a device", mqttFlags{MQTTService: "130102/C01", MQTTServicePW: secret}, "letters"},
		{"a service's short password", mqttFlags{MQTTService: "bridge", MQTTServicePW: "secreto"}, "20 or more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var cfg appConfig
			if err := c.set.into(&cfg, slog.New(slog.DiscardHandler)); !errors.Is(err, errInput) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v; want a mistake of the caller's with %q", err, c.want)
			}
		})
	}
	isRefused(t, runProgram(t, "serve", "--data", filepath.Join(dir, "data"), "--mqtt-tls-listen", ":0", "--mqtt-cert", cert, "--mqtt-key", otherKey), "--mqtt-key")
}

// The flags make a broker that devices reach over TLS and over WebSocket, and
// that a program of the municipality may log in to; a renewed certificate counts
// without a restart.
func TestServeOverTLS(t *testing.T) {
	dir := t.TempDir()
	cert, key := papers(t, dir, 1, time.Now().Add(24*time.Hour))
	secret := strings.Repeat("x7", 10)
	flags := mqttFlags{MQTTListen: "none", MQTTTLSListen: "127.0.0.1:0", MQTTWSListen: "127.0.0.1:0", MQTTCert: cert, MQTTKey: key, MQTTService: "bridge", MQTTServicePW: secret}
	a, password, err := small(t, func(c *appConfig) {
		c.MQTTListen = ""
		must(t, flags.into(c, slog.New(slog.DiscardHandler)))
	})
	must(t, err)
	end := running(t, a)
	trust, err := readTrust(cert)
	must(t, err)
	for n, url := range []string{"ssl://" + a.broker.Addrs()[0], "wss://" + a.broker.Addrs()[1] + "/mqtt"} {
		d, err := device.Dial(t.Context(), device.Config{Broker: url, Ubigeo: "130102", Device: "g1", Password: password, TLS: trust})
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		must(t, d.Publish(t.Context(), fmt.Appendf(nil, `{"ts":%d,"lat":-8,"lon":-79,"seq":%d}`, time.Now().Unix(), n)))
		d.Close()
	}
	if got := a.ingest.Stats().Stored; got != 2 {
		t.Errorf("%d positions stored, want 2", got)
	}
	for _, password := range []string{secret, "wrong"} {
		c, err := mqtt.DialDevice(t.Context(), mqtt.DeviceConfig{URL: "ssl://" + a.broker.Addrs()[0], Username: "bridge", Password: password, TLS: trust})
		if (err == nil) != (password == secret) {
			t.Errorf("the service account with password %q: %v", password, err)
		}
		if err == nil {
			c.Close()
		}
	}
	must(t, end())
}

func TestCertificateIsRenewed(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	cert, key := papers(t, dir, 1, now.Add(24*time.Hour))
	c, err := readCertificate(cert, key, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	must(t, err)
	serial := func() int64 { return c.current().Leaf.SerialNumber.Int64() }
	write := func(name string, b []byte, at time.Time) {
		must(t, os.WriteFile(name, b, 0o600))
		must(t, os.Chtimes(name, at, at))
	}
	fresh, freshKey := papers(t, mkdir(t, dir, "fresh"), 2, now.Add(72*time.Hour))
	b, err := os.ReadFile(fresh)
	must(t, err)
	write(cert, b, now.Add(time.Minute)) // half done: the key is still the old one
	now = now.Add(certificateLook)
	if serial() != 1 {
		t.Error("a certificate without its key took the place of a good one")
	}
	b, err = os.ReadFile(freshKey)
	must(t, err)
	write(key, b, now.Add(time.Minute))
	if serial() != 1 {
		t.Error("the files are looked at again at once")
	}
	now = now.Add(certificateLook)
	if serial() != 2 {
		t.Error("the renewed certificate is not in use")
	}
	if got, err := c.config().GetCertificate(&tls.ClientHelloInfo{}); err != nil || got.Leaf.SerialNumber.Int64() != 2 {
		t.Errorf("the listener gets %v, %v", got, err)
	}
}
