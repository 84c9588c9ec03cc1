// Package mail sends messages over SMTP, always inside TLS.
package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet/report"
)

// patience bounds a whole delivery.
const patience = time.Minute

// Send delivers a message to every recipient in one go: the server takes it for
// all of them or for none. trust may name authorities; nil: the system's.
func Send(ctx context.Context, s report.Server, to []string, m report.Message, at time.Time, trust *tls.Config) error {
	if err := s.Check(); err != nil {
		return err
	}
	if trust == nil {
		trust = &tls.Config{}
	}
	trust = trust.Clone()
	trust.ServerName, trust.MinVersion = s.Host, tls.VersionTLS12
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	addr := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("mail server %s: %w", addr, err)
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	_ = conn.SetDeadline(deadline)
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if s.Security == report.TLS {
		conn = tls.Client(conn, trust)
	}
	if err := deliver(conn, s, to, m, at, trust); err != nil {
		return fmt.Errorf("mail server %s: %w", addr, err)
	}
	return nil
}

func deliver(conn net.Conn, s report.Server, to []string, m report.Message, at time.Time, trust *tls.Config) error {
	c, err := smtp.NewClient(conn, s.Host)
	if protocol := (textproto.ProtocolError)(""); errors.As(err, &protocol) {
		return errors.New("what answers there is no mail server") // and no concern of whoever set it
	}
	if err != nil {
		return err
	}
	defer c.Close()
	if s.Security == report.StartTLS {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return fmt.Errorf("it offers no STARTTLS; nothing was sent")
		}
		if err := c.StartTLS(trust); err != nil {
			return err
		}
	}
	if s.Username != "" {
		if err := c.Auth(smtp.PlainAuth("", s.Username, s.Password, s.Host)); err != nil {
			return fmt.Errorf("login: %w", err)
		}
	}
	if err := c.Mail(s.Sender); err != nil {
		return err
	}
	for _, r := range to {
		if err := c.Rcpt(r); err != nil {
			return fmt.Errorf("recipient %s: %w", r, err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	body, err := compose(s.Sender, to, m, at)
	if err != nil {
		return err
	}
	if _, err := w.Write(body); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_ = c.Quit() // the message was taken
	return nil
}

// compose writes the message with its headers.
func compose(from string, to []string, m report.Message, at time.Time) ([]byte, error) {
	id := m.ID
	if id == "" {
		id = rand.Text()
	}
	_, domain, _ := strings.Cut(from, "@")
	var b bytes.Buffer
	for _, h := range [][2]string{{"From", from}, {"To", strings.Join(to, ", ")}, {"Subject", mime.QEncoding.Encode("utf-8", m.Subject)},
		{"Date", at.Format(time.RFC1123Z)}, {"Message-ID", "<" + id + "@" + domain + ">"}, {"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "quoted-printable"}, {"Auto-Submitted", "auto-generated"}} {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	if _, err := q.Write([]byte(strings.ReplaceAll(m.Text, "\n", "\r\n"))); err != nil {
		return nil, err
	}
	if err := q.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
