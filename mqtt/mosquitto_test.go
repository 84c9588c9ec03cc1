package mqtt

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// mosquitto is a real external broker. It keeps its port and its persistence
// file over a restart.
type mosquitto struct {
	t    *testing.T
	bin  string
	dir  string
	port int
	cmd  *exec.Cmd
}

// newMosquitto starts mosquitto set up as the Subscriber wants it, plus
// further lines.
func newMosquitto(t *testing.T, lines ...string) *mosquitto {
	t.Helper()
	if testing.Short() {
		t.Skip("needs mosquitto; left out by -short")
	}
	bin, err := exec.LookPath("mosquitto")
	if err != nil {
		if bin, err = exec.LookPath("/usr/sbin/mosquitto"); err != nil {
			t.Fatal("mosquitto is not installed; on Debian: apt install mosquitto (or run with -short)")
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mosquitto{t: t, bin: bin, dir: t.TempDir(), port: ln.Addr().(*net.TCPAddr).Port}
	_ = ln.Close()
	conf := fmt.Sprintf("listener %d 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location %s/\n"+
		"autosave_interval 1\nmax_queued_messages 0\nmax_inflight_messages 500\nlog_type error\n", m.port, m.dir)
	if os.Geteuid() == 0 {
		conf += "user root\n" // else it gives up root and cannot write its file
	}
	if err := os.WriteFile(m.conf(), []byte(conf+strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m.start()
	t.Cleanup(func() { m.end(syscall.SIGKILL) })
	return m
}

func (m *mosquitto) conf() string { return filepath.Join(m.dir, "mosquitto.conf") }
func (m *mosquitto) addr() string { return fmt.Sprintf("127.0.0.1:%d", m.port) }
func (m *mosquitto) url() string  { return "tcp://" + m.addr() }

// saved is when mosquitto wrote its persistence file last.
func (m *mosquitto) saved() time.Time {
	info, err := os.Stat(filepath.Join(m.dir, "mosquitto.db"))
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

func (m *mosquitto) start() {
	m.t.Helper()
	m.cmd = exec.Command(m.bin, "-c", m.conf())
	m.cmd.Stderr = os.Stderr
	if err := m.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	eventually(m.t, "mosquitto to listen", func() bool {
		c, err := net.DialTimeout("tcp", m.addr(), time.Second)
		if err != nil {
			return false
		}
		_ = c.Close()
		return true
	})
}

// end signals mosquitto and waits for its end. SIGTERM makes it save, SIGKILL
// does not.
func (m *mosquitto) end(sig syscall.Signal) {
	if m.cmd != nil {
		_ = m.cmd.Process.Signal(sig)
		_ = m.cmd.Wait()
		m.cmd = nil
	}
}
