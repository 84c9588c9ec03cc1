package mqtt

import (
	"fmt"
	"net"
	"os/exec"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// mosquittoPub finds somebody else's client. The tests' set-up installs it, so a
// machine without it fails.
func mosquittoPub(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs mosquitto_pub; left out by -short")
	}
	bin, err := exec.LookPath("mosquitto_pub")
	if err != nil {
		t.Fatal("mosquitto_pub is not installed; on Debian: apt install mosquitto-clients (or run with -short)")
	}
	return bin
}

// TestTraccarFormFromAnMQTT5Client publishes Traccar's forward form with
// somebody else's MQTT 5 client: as it is, with user properties and an expiry,
// and under a topic that is not its own.
func TestTraccarFormFromAnMQTT5Client(t *testing.T) {
	bin := mosquittoPub(t)
	s := newSite(t)
	password, hash, err := fleet.NewDeviceSecret()
	if err != nil {
		t.Fatal(err)
	}
	gateway := fleet.Device{Ubigeo: "130102", ID: "traccar-server", Gateway: true, Known: true}
	hilux := fleet.Device{Ubigeo: "130102", ID: "hilux", Identities: []string{"356307042441013"}, Known: true}
	if err := s.store.SaveDevice(t.Context(), gateway, hash); err != nil {
		t.Fatal(err)
	}
	r := NewRegistry()
	r.Set("130102", ruled, []fleet.Device{gateway, hilux})
	b := s.broker(func(c *BrokerConfig) { c.Registry = r })
	host, port, _ := net.SplitHostPort(b.Addr())
	send := func(topic string, n int, more ...string) (string, error) {
		body := fmt.Sprintf(`{"position":{"id":%d,"fixTime":%q,"valid":true,"latitude":-8.08,"longitude":-79.0,"speed":10,"attributes":{}},"device":{"uniqueId":"356307042441013"}}`,
			n, time.Now().UTC().Add(time.Duration(n)*time.Second).Format("2006-01-02T15:04:05.000+00:00"))
		out, err := exec.Command(bin, append([]string{"-V", "5", "-q", "1", "-h", host, "-p", port, "-u", "130102/traccar-server", "-P", password,
			"-i", "traccar", "-t", topic, "-m", body}, more...)...).CombinedOutput()
		return string(out), err
	}
	if out, err := send("traccar/positions", 1); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := send("traccar/positions", 2, "-D", "publish", "user-property", "origin", "traccar", "-D", "publish", "message-expiry-interval", "60",
		"-c"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if n := len(s.rows("hilux")); n != 2 {
		t.Errorf("%d fixes after 2 acknowledged messages", n)
	}
	_, _ = send("somewhere/else", 3)
	if n := len(s.rows("hilux")); n != 2 || b.Stats().Denied != 1 {
		t.Errorf("%d fixes, %+v", n, b.Stats())
	}
}
