package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/store"
)

// serveCmd runs the service.
type serveCmd struct {
	dataFlags
	mqttFlags
	Listen     string   `help:"Address of the page and the API." default:":8080"`
	Metrics    string   `name:"metrics-listen" help:"Address of its own for /metrics, /healthz and /readyz, without a password: for the network of the operators only." placeholder:"ADDR"`
	Roles      []string `help:"What this process does: api (page), ingest (positions)." default:"api,ingest" enum:"api,ingest"`
	KeepDays   int      `name:"keep-days" help:"Days that raw positions are kept; the coverage of each shift stays." default:"180"`
	Profile    string   `help:"Thresholds by which patrols are judged (default: serenazgo-default, which is unofficial)." type:"existingfile" placeholder:"YAML"`
	Private    bool     `name:"relay-private" help:"Let districts hand positions on to a platform in this machine's own network."`
	Secure     bool     `help:"The page is reached over HTTPS only (behind a proxy): mark cookies so."`
	TrustProxy bool     `help:"Take the client's address from X-Forwarded-For: only behind a proxy that sets it."`
	Verbose    bool     `short:"v" help:"Log more."`
}

// Run serves until it is told to stop.
func (c serveCmd) Run(ctx context.Context) error {
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := logger(level)
	cfg := appConfig{Store: store.Config{Data: c.folder(), URL: c.Database}, MetricsListen: c.Metrics, Secure: c.Secure, TrustProxy: c.TrustProxy, Logger: log}
	if c.KeepDays < 1 {
		return badInputf("--keep-days %d: give a number from 1", c.KeepDays)
	}
	cfg.Retention, cfg.Profile, cfg.RelayPrivate = time.Duration(c.KeepDays)*24*time.Hour, c.Profile, c.Private
	if slices.Contains(c.Roles, "api") {
		cfg.Listen = c.Listen
	}
	if slices.Contains(c.Roles, "ingest") {
		if err := c.into(&cfg, log); err != nil {
			return err
		}
	}
	a, err := newApp(ctx, cfg)
	if err != nil {
		return interrupted(ctx, err)
	}
	defer a.Close()
	if cfg.Listen != "" {
		if err := a.welcome(ctx, os.Stderr); err != nil {
			return interrupted(ctx, err)
		}
	}
	return a.Run(ctx)
}

// welcome says where the page is and, while there is no account, how to make
// the first one.
func (a *App) welcome(ctx context.Context, w io.Writer) error {
	n, err := a.store.CountUsers(ctx)
	if err != nil {
		return err
	}
	ds, err := a.store.Districts(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "serenazgo: page at %s\n", a.URL())
	if len(ds) == 0 {
		fmt.Fprintln(w, "serenazgo: no district yet; import its streets: serenazgo import streets FILE --boundary GEOJSON")
	}
	if n > 0 {
		return nil
	}
	token, err := a.auth.NewSetupToken(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "serenazgo: no account yet; make the first administrator with this link, which works once, for 24 hours:\n  %s/configurar?token=%s\n", a.URL(), token)
	return nil
}

// URL is the address of the page for a browser on this machine.
func (a *App) URL() string {
	host, port, err := net.SplitHostPort(a.Addr())
	if err != nil {
		return "http://" + a.Addr()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return "http://" + host + ":" + port
}
