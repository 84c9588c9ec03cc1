package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// DeviceConfig sets up a Device. URL is required.
type DeviceConfig struct {
	URL      string // tcp://, ssl://, ws:// or wss://host:port
	ClientID string // default: the user name
	Username string // DeviceUser
	Password string
	TLS      *tls.Config
}

// Device is the client side: a tracker, as simulations, benchmarks and tests
// need one. It publishes with QoS 1. A connection that breaks stays broken and
// every message not acknowledged fails; the caller dials again and sends them
// again, which is what a tracker does with its own memory.
type Device struct {
	client paho.Client
	lost   chan struct{}
}

// DialDevice connects and logs in.
func DialDevice(ctx context.Context, cfg DeviceConfig) (*Device, error) {
	d := &Device{lost: make(chan struct{})}
	if cfg.ClientID == "" {
		cfg.ClientID = cfg.Username
	}
	o := paho.NewClientOptions().AddBroker(cfg.URL).SetClientID(cfg.ClientID).SetProtocolVersion(4).
		SetCleanSession(true).SetAutoReconnect(false).SetConnectTimeout(10 * time.Second).SetKeepAlive(30 * time.Second)
	// When the connection breaks while a message is handed over, the library
	// waits this long, and without a limit of ours half a minute.
	o.SetWriteTimeout(2 * time.Second)
	if cfg.Username != "" {
		o.SetUsername(cfg.Username).SetPassword(cfg.Password)
	}
	if cfg.TLS != nil {
		o.SetTLSConfig(cfg.TLS)
	}
	o.SetConnectionLostHandler(func(paho.Client, error) { close(d.lost) })
	d.client = paho.NewClient(o)
	token := d.client.Connect()
	select {
	case <-token.Done():
	case <-ctx.Done():
		go func() { // the attempt ends by its own timeout
			<-token.Done()
			d.client.Disconnect(0)
		}()
		return nil, ctx.Err()
	}
	if err := token.Error(); err != nil {
		return nil, fmt.Errorf("MQTT connection of %s to %s: %w", cfg.ClientID, cfg.URL, err)
	}
	return d, nil
}

// Start sends a message; the function it returns waits for the acknowledgement.
func (d *Device) Start(topic string, payload []byte) (wait func(context.Context) error) {
	token := d.client.Publish(topic, 1, false, payload)
	return func(ctx context.Context) error { return d.finished(ctx, token) }
}

// Publish sends a message and waits until it is acknowledged.
func (d *Device) Publish(ctx context.Context, topic string, payload []byte) error {
	return d.Start(topic, payload)(ctx)
}

// Subscribe asks for the messages of a topic, such as RoundTopic. take must
// return quickly.
func (d *Device) Subscribe(ctx context.Context, topic string, take func(payload []byte)) error {
	token := d.client.Subscribe(topic, 1, func(_ paho.Client, m paho.Message) { take(m.Payload()) })
	if err := d.finished(ctx, token); err != nil {
		return err
	}
	for _, code := range token.(*paho.SubscribeToken).Result() {
		if code > 2 {
			return fmt.Errorf("the broker refuses the subscription to %s", topic)
		}
	}
	return nil
}

// Lost is closed when the connection breaks.
func (d *Device) Lost() <-chan struct{} { return d.lost }

// Close disconnects.
func (d *Device) Close() { d.client.Disconnect(10) }

// finished waits for an answer. The library forgets to fail what is sent at the
// moment at which the connection breaks.
func (d *Device) finished(ctx context.Context, token paho.Token) error {
	select {
	case <-token.Done():
		return token.Error()
	case <-d.lost:
		return errLost
	case <-ctx.Done():
		return errors.Join(ctx.Err(), context.Cause(ctx))
	}
}

var errLost = errors.New("the MQTT connection broke before the answer came")
