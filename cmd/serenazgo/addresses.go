package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// checkAddresses refuses addresses that are taken before anything is started,
// so that a mistake costs no time. That they are free now does not keep them:
// listening reports the same later.
func (c appConfig) checkAddresses() error {
	for _, a := range [...]struct{ addr, what, flag string }{
		{c.Listen, "page", "--listen"},
		{c.MetricsListen, "metrics", "--metrics-listen"},
		{c.MQTTListen, "MQTT", "--mqtt-listen"},
		{c.MQTTTLSListen, "MQTT over TLS", "--mqtt-tls-listen"},
		{c.MQTTWSListen, "MQTT over WebSocket", "--mqtt-ws-listen"},
	} {
		if a.addr == "" {
			continue
		}
		if err := listenable(a.addr); err != nil {
			return fmt.Errorf("%s: %w; choose another address with %s, or stop what uses it (serenazgo doctor tells whether it is serenazgo)", a.what, err, a.flag)
		}
	}
	return nil
}

func listenable(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return l.Close()
}

// ourselves tells whether a serenazgo answers at an address of this machine.
func ourselves(ctx context.Context, addr string) bool {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/metrics", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	return err == nil && strings.Contains(string(body), "serenazgo_")
}
