package mail_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/serenazgo/serenazgo/api/mail"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/report"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listener is a small mail server: it wants TLS, a login, and gives what it took.
type listener struct {
	t     *testing.T
	ln    net.Listener
	conf  *tls.Config
	trust *tls.Config
	tls   bool // from the first byte

	mu    sync.Mutex
	busy  int // connections to answer 421
	taken []string
	to    []string
}

func listen(t *testing.T, first bool) *listener {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	raw, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	must(t, err)
	parsed, err := x509.ParseCertificate(raw)
	must(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	l := &listener{t: t, tls: first, conf: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}}, trust: &tls.Config{RootCAs: pool}}
	l.ln, err = net.Listen("tcp", "localhost:0")
	must(t, err)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.ln.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { l.serve(conn) })
		}
	})
	t.Cleanup(serving.Wait)
	t.Cleanup(func() { l.ln.Close() })
	return l
}

func (l *listener) server() report.Server {
	security := report.StartTLS
	if l.tls {
		security = report.TLS
	}
	return report.Server{Host: "localhost", Port: l.ln.Addr().(*net.TCPAddr).Port, Security: security, Username: "central", Password: "una frase", Sender: "central@example.pe"}
}

func (l *listener) serve(conn net.Conn) {
	defer conn.Close()
	safe := l.tls
	if safe {
		conn = tls.Server(conn, l.conf)
	}
	r := bufio.NewReader(conn)
	say := func(s string) { fmt.Fprintf(conn, "%s\r\n", s) }
	l.mu.Lock()
	busy := l.busy > 0
	l.busy--
	l.mu.Unlock()
	if busy {
		say("421 later")
		return
	}
	say("220 localhost")
	in, to := false, []string{}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		switch {
		case verb == "EHLO" && !safe:
			say("250-localhost\r\n250 STARTTLS")
		case verb == "EHLO":
			say("250-localhost\r\n250 AUTH PLAIN")
		case verb == "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, l.conf)
			r, safe = bufio.NewReader(conn), true
		case !safe:
			say("530 TLS first")
		case verb == "AUTH":
			want := base64.StdEncoding.EncodeToString([]byte("\x00central\x00una frase"))
			if in = strings.TrimSpace(line) == "AUTH PLAIN "+want; in {
				say("235 welcome")
			} else {
				say("535 no")
			}
		case !in:
			say("530 log in")
		case verb == "RCPT":
			if strings.Contains(line, "nadie@") {
				say("550 nobody")
				continue
			}
			to = append(to, strings.TrimSpace(line))
			say("250 ok")
		case verb == "DATA":
			say("354 go on")
			var b strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				b.WriteString(strings.TrimPrefix(line, "."))
			}
			l.mu.Lock()
			l.taken, l.to = append(l.taken, b.String()), append(l.to, to...)
			l.mu.Unlock()
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (l *listener) mails() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string{}, l.taken...)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSend(t *testing.T) {
	for _, first := range []bool{true, false} {
		t.Run(fmt.Sprintf("tls=%t", first), func(t *testing.T) {
			l := listen(t, first)
			msg := report.Message{Subject: "Informe · El Porvenir", Text: "Año\n.\nfin\n"}
			must(t, mail.Send(t.Context(), l.server(), []string{"a@example.pe", "b@example.pe"}, msg, time.Now(), l.trust))
			got := l.mails()
			if len(got) != 1 || len(l.to) != 2 {
				t.Fatalf("%d mails to %v", len(got), l.to)
			}
			m, err := netmail.ReadMessage(strings.NewReader(got[0]))
			must(t, err)
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			must(t, err)
			body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
			must(t, err)
			if subject != msg.Subject || strings.ReplaceAll(string(body), "\r\n", "\n") != msg.Text {
				t.Errorf("%q: %q", subject, body)
			}
			if err := mail.Send(t.Context(), l.server(), []string{"nadie@example.pe"}, msg, time.Now(), l.trust); err == nil {
				t.Error("nobody got it")
			}
			wrong := l.server()
			wrong.Password = "otra"
			if err := mail.Send(t.Context(), wrong, []string{"a@example.pe"}, msg, time.Now(), l.trust); err == nil || strings.Contains(err.Error(), "otra") {
				t.Errorf("with a wrong password: %v", err)
			}
			if err := mail.Send(t.Context(), l.server(), []string{"a@example.pe"}, msg, time.Now(), nil); err == nil {
				t.Error("an unknown authority was trusted")
			}
		})
	}
}

// TestScheduled: a report goes out once a day, again if the server was busy, and
// tells what units did.
func TestScheduled(t *testing.T) {
	l := listen(t, true)
	ctx := t.Context()
	now := time.Date(2026, 11, 22, 11, 59, 0, 0, time.UTC) // 06:59 in Lima
	st := storetest.Open(t, store.Config{Now: func() time.Time { return now }})
	const here = "130102"
	audit := fleet.AuditRow{Ubigeo: here, Username: "ana", Action: "mail.save"}
	must(t, st.SaveDistrict(ctx, fleet.District{Ubigeo: here, Name: "El Porvenir", TimeZone: "America/Lima"}))
	must(t, st.SaveUnit(ctx, fleet.Unit{Ubigeo: here, ID: "C01", CallSign: "Cazador 1", Mode: routing.Car, Active: true}))
	must(t, st.SaveDay(ctx, here, journal.Day{Unit: "C01", Date: "2026-11-21", Metres: 81234, Moving: 7200,
		Events: []journal.Event{{Unit: "C01", Kind: journal.Overspeed, Start: now.Add(-9 * time.Hour)}}}))
	out, in, fuel := 81_000.0, 81_064.5, 20.8
	must(t, st.SaveUnitLogs(ctx, []fleet.UnitLog{{Ubigeo: here, Unit: "C01", Shift: "2026-11-21/noche", KmOut: &out, KmIn: &in, Fuel: &fuel}}, []fleet.AuditRow{audit}))
	must(t, st.SaveUnitState(ctx, fleet.UnitReadiness{Ubigeo: here, Unit: "C01", Since: now.Add(-time.Hour), State: fleet.Workshop, Reason: "frenos de Juan"}))
	must(t, st.SaveMailServer(ctx, here, l.server(), audit))
	must(t, st.SaveMailReport(ctx, here, report.Schedule{ID: "diario", Name: "Informe diario", Every: report.Daily, Clock: "07:00", Recipients: []string{"jefe@example.pe"},
		Active: true, Since: now.Add(-time.Minute)}, audit))
	lose := false
	m := report.NewMailer(report.Config{Store: st, Now: func() time.Time { return now }, Send: func(ctx context.Context, s report.Server, to []string, msg report.Message) error {
		if err := mail.Send(ctx, s, to, msg, now, l.trust); err != nil || !lose {
			return err
		}
		return io.ErrUnexpectedEOF
	}})
	pass := func(at time.Duration, want int) {
		t.Helper()
		now = now.Add(at)
		must(t, m.Pass(ctx))
		if n := len(l.mails()); n != want {
			t.Fatalf("at %s %d mails, want %d", now.Format(time.TimeOnly), n, want)
		}
	}
	pass(0, 0) // before seven
	l.mu.Lock()
	l.busy = 1
	l.mu.Unlock()
	pass(time.Minute, 0) // the server is busy
	pass(time.Minute, 0) // too early to try again
	pass(time.Minute, 1)
	pass(time.Hour, 1) // once
	body, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(l.mails()[0])))
	must(t, err)
	for _, want := range []string{"2026-11-21", "81.2", "Cazador 1                       1     81.2", "Exceso de velocidad", "64.5         5.49", "en el taller desde 2026-11-22"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("%q is not in %s", want, body)
		}
	}
	if strings.Contains(string(body), "Juan") {
		t.Error("the mail tells why a unit is in the workshop, and with it names")
	}
	pass(23*time.Hour, 2) // the next day
	// The server takes the mail, and its answer is lost: it comes again as what it
	// is, the same mail.
	lose = true
	pass(24*time.Hour, 3)
	lose = false
	pass(time.Hour, 4)
	var ids []string
	for _, raw := range l.mails() {
		m, err := netmail.ReadMessage(strings.NewReader(raw))
		must(t, err)
		ids = append(ids, m.Header.Get("Message-ID"))
	}
	if ids[2] != ids[3] || ids[1] == ids[2] || ids[0] == ids[1] || !strings.HasSuffix(ids[0], "@example.pe>") {
		t.Errorf("ids of the mails: %q", ids)
	}
}

func TestDue(t *testing.T) {
	lima := time.FixedZone("", -5*3600)
	week := report.Schedule{ID: "s", Name: "s", Every: report.Weekly, Weekday: time.Monday, Clock: "07:00", Recipients: []string{"a@example.pe"}}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, lima) // a Sunday
	due, ok := week.Due(now, lima)
	if want := time.Date(2026, 11, 16, 7, 0, 0, 0, lima); !ok || !due.Equal(want) {
		t.Errorf("due %s", due)
	}
	if first, last := week.Period(due, lima); first != "2026-11-09" || last != "2026-11-15" {
		t.Errorf("about %s to %s", first, last)
	}
	for name, change := range map[string]func(*report.Schedule){
		"clock":   func(s *report.Schedule) { s.Clock = "25:00" },
		"nobody":  func(s *report.Schedule) { s.Recipients = nil },
		"address": func(s *report.Schedule) { s.Recipients = []string{"Ana <a@example.pe>\r\nBcc: x"} },
		"name":    func(s *report.Schedule) { s.Name = "a\r\nBcc: x@y" },
	} {
		s := week
		change(&s)
		if s.Check() == nil {
			t.Errorf("%s passed", name)
		}
	}
}
