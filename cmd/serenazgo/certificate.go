package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is a certificate with its key on disk. Certificates are renewed
// every few weeks by other programs; a service that has to be restarted for it
// is one whose devices fall silent one night. So the files are looked at again
// when somebody connects.
type certificate struct {
	certFile, keyFile string
	now               func() time.Time
	log               *slog.Logger

	mu     sync.Mutex
	cert   *tls.Certificate
	stamps [2]time.Time // when the files in use were written
	looked time.Time
}

// certificateLook is how often the files are looked at, at most.
const certificateLook = 10 * time.Second

// readCertificate reads the files; its errors name the flag to look at.
func readCertificate(certFile, keyFile string, now func() time.Time, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, now: now, log: log}
	if err := c.read(); err != nil {
		return nil, err
	}
	c.looked = now()
	return c, nil
}

// config is what a listener needs.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current(), nil }}
}

// current is the certificate on disk, or the one before it while that cannot be
// used: a renewal may be half done.
func (c *certificate) current() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.looked) >= certificateLook {
		c.looked = now
		if stamps, err := c.written(); err == nil && stamps != c.stamps {
			if err := c.read(); err != nil {
				c.log.Error("the renewed certificate cannot be used; the one before stays", "err", err)
			} else {
				c.log.Info("a renewed certificate is in use", "file", c.certFile, "until", c.cert.Leaf.NotAfter)
			}
		}
	}
	return c.cert
}

// written is when the files were written.
func (c *certificate) written() (at [2]time.Time, err error) {
	for i, f := range []string{c.certFile, c.keyFile} {
		fi, err := os.Stat(f)
		if err != nil {
			return at, err
		}
		at[i] = fi.ModTime()
	}
	return at, nil
}

// read reads the files and holds them against each other and the clock.
func (c *certificate) read() error {
	stamps, err := c.written()
	if err != nil {
		return fmt.Errorf("--mqtt-cert, --mqtt-key: %w", err)
	}
	cert, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("--mqtt-cert %s, --mqtt-key %s: %w; give the certificate with its chain and its own key, both PEM", c.certFile, c.keyFile, err)
	}
	if now := c.now(); now.After(cert.Leaf.NotAfter) {
		return fmt.Errorf("--mqtt-cert %s: the certificate ran out on %s; renew it", c.certFile, cert.Leaf.NotAfter.Format(time.DateOnly))
	}
	c.cert, c.stamps = &cert, stamps
	return nil
}

// readTrust reads the certificates of authorities that are trusted beside none
// other.
func readTrust(file string) (*tls.Config, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--mqtt-ca: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		return nil, fmt.Errorf("--mqtt-ca %s: %w", file, errors.New("it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"))
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}, nil
}
