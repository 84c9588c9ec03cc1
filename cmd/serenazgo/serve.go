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
	Listen       string   `help:"Address of the page and the API." default:":8080"`
	MQTTListen   string   `name:"mqtt-listen" help:"Address of the embedded MQTT broker." default:":1883"`
	MQTTBroker   string   `name:"mqtt-broker" help:"Use this MQTT broker instead: tcp://host:port, ssl://, ws:// or wss://." placeholder:"URL"`
	MQTTUser     string   `name:"mqtt-user" help:"User name at the external broker."`
	MQTTPassword string   `name:"mqtt-password" help:"Password at the external broker; better given by SERENAZGO_MQTT_PASSWORD."`
	MQTTClient   string   `name:"mqtt-client-id" help:"Name of this process at the external broker; each process needs its own, always the same." default:"serenazgo-ingest" placeholder:"ID"`
	Subscribe    []string `help:"Topic filters at the external broker (default: those of the known formats); $$share/ingest/… where several processes share the work." placeholder:"TOPIC"`
	Roles        []string `help:"What this process does: api (page), ingest (positions)." default:"api,ingest" enum:"api,ingest"`
	KeepDays     int      `name:"keep-days" help:"Days that raw positions are kept; the coverage of each shift stays." default:"180"`
	Profile      string   `help:"Thresholds by which patrols are judged (default: serenazgo-default, which is unofficial)." type:"existingfile" placeholder:"YAML"`
	Secure       bool     `help:"The page is reached over HTTPS only (behind a proxy): mark cookies so."`
	TrustProxy   bool     `help:"Take the client's address from X-Forwarded-For: only behind a proxy that sets it."`
	Verbose      bool     `short:"v" help:"Log more."`
}

// Run serves until it is told to stop.
func (c serveCmd) Run(ctx context.Context) error {
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	cfg := appConfig{Store: store.Config{Data: c.folder(), URL: c.Database}, MQTTBroker: c.MQTTBroker, MQTTUser: c.MQTTUser, MQTTPass: c.MQTTPassword, MQTTClient: c.MQTTClient,
		Subscribe: c.Subscribe, Secure: c.Secure, TrustProxy: c.TrustProxy, Logger: logger(level)}
	if c.KeepDays < 1 {
		return badInputf("--keep-days %d: give a number from 1", c.KeepDays)
	}
	cfg.Retention, cfg.Profile = time.Duration(c.KeepDays)*24*time.Hour, c.Profile
	if len(c.Subscribe) > 0 && c.MQTTBroker == "" {
		return badInputf("--subscribe is for an external broker; give it with --mqtt-broker URL")
	}
	if slices.Contains(c.Roles, "api") {
		cfg.Listen = c.Listen
	}
	if slices.Contains(c.Roles, "ingest") {
		if c.MQTTBroker == "" {
			cfg.MQTTListen = c.MQTTListen
		}
	} else {
		cfg.MQTTBroker = ""
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
