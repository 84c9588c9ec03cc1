// Package ministry takes points to the ministry's GPS platform, or into files
// for a dry run.
package ministry

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/serenazgo/serenazgo/fleet/relay"
)

// answerMost bounds what is read of an answer, and what of it is kept.
const (
	answerMost = 4 << 10
	detailMost = 200
)

// Platform sends points over HTTPS. It asks for TLS 1.2 or newer and follows no
// redirection: positions go where the settings say, or nowhere.
type Platform struct {
	url    string
	client *http.Client
}

// NewPlatform makes a sink of an address. tlsConfig may name the authorities
// and the certificate of this service; nil: the system's. Unless private, it
// does not call a server in this machine's own network, whatever its name.
func NewPlatform(address string, tlsConfig *tls.Config, private bool) *Platform {
	if tlsConfig == nil {
		tlsConfig = &tls.Config{}
	}
	tlsConfig = tlsConfig.Clone()
	tlsConfig.MinVersion = max(tlsConfig.MinVersion, tls.VersionTLS12)
	t := &http.Transport{TLSClientConfig: tlsConfig, Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute}
	if !private {
		t.DialContext = outside(address)
	}
	return &Platform{address, &http.Client{Timeout: 30 * time.Second, Transport: t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// errInside is what calling a server in this machine's own network ends with.
var errInside = errors.New("it is in the service's own network, which is not allowed (serve --relay-private)")

// outside connects to what a name resolves to, unless that is inside. The proxy
// that this machine is told to use may be: nobody chose it by the settings.
func outside(address string) func(ctx context.Context, network, addr string) (net.Conn, error) {
	open, guarded := net.Dialer{Timeout: 15 * time.Second}, net.Dialer{Timeout: 15 * time.Second, Control: func(_, addr string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(addr)
		if err == nil && !relay.Outside(a.Addr()) {
			err = errInside
		}
		return err
	}}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if proxy := proxyOf(address); proxy != "" && proxy == addr {
			return open.DialContext(ctx, network, addr)
		}
		return guarded.DialContext(ctx, network, addr)
	}
}

// proxyOf gives host and port of the proxy that this machine is told to use for
// an address; empty: none.
func proxyOf(address string) string {
	platform, err := url.Parse(address)
	if err != nil {
		return ""
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: platform})
	if err != nil || proxy == nil {
		return ""
	}
	port := proxy.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[proxy.Scheme]
	}
	return net.JoinHostPort(proxy.Hostname(), port)
}

// Send sends points in one request: one as an object, several as a list.
func (p *Platform) Send(ctx context.Context, points []relay.Point) error {
	var body any = points
	if len(points) == 1 {
		body = points[0]
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("%w: %v", relay.ErrRefused, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("%w: %v", relay.ErrDenied, err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := p.client.Do(req)
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = failed.Err // its address may hold a key
	}
	if errors.Is(err, errInside) {
		return fmt.Errorf("%w: %v", relay.ErrDenied, err)
	}
	if err != nil {
		return fmt.Errorf("%w: %v", relay.ErrLater, err)
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(res.Body, answerMost))
	detail := fmt.Sprintf("%s: %s", res.Status, strings.TrimSpace(string(said[:min(len(said), detailMost)])))
	switch res.StatusCode {
	case http.StatusCreated, http.StatusOK:
		return nil
	case http.StatusBadRequest:
		return fmt.Errorf("%w: %s", relay.ErrRefused, detail)
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return fmt.Errorf("%w: %s", relay.ErrDenied, detail)
	}
	return relay.Later{For: retryAfter(res.Header.Get("Retry-After"), time.Now()), Why: fmt.Errorf("%w: %s", relay.ErrLater, detail)}
}

// retryAfter reads how long a server asks to be left alone: seconds, or an
// instant. What is neither is no time.
func retryAfter(header string, now time.Time) time.Duration {
	if s, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(s) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// Close ends idle connections.
func (p *Platform) Close() { p.client.CloseIdleConnections() }

// Folder writes points into files, one a day of this machine's clock, a JSON
// object a line.
type Folder struct{ Dir string }

// Send appends points.
func (f Folder) Send(_ context.Context, points []relay.Point) error {
	if err := os.MkdirAll(f.Dir, 0o750); err != nil {
		return fmt.Errorf("%w: %v", relay.ErrLater, err)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, p := range points {
		if err := e.Encode(p); err != nil {
			return fmt.Errorf("%w: %v", relay.ErrRefused, err)
		}
	}
	out, err := os.OpenFile(filepath.Join(f.Dir, time.Now().Format("2006-01-02")+".jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("%w: %v", relay.ErrLater, err)
	}
	if _, err = out.Write(b.Bytes()); err != nil {
		out.Close()
		return fmt.Errorf("%w: %v", relay.ErrLater, err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("%w: %v", relay.ErrLater, err)
	}
	return nil
}
