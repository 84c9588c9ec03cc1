// Package device is the other end of the door: a client that logs in as one
// device, publishes its fixes and reads its round, as a tracker or phone does.
// The simulated fleet comes in through it.
//
// Fixes are published with QoS 1 and wait for the acknowledgement, which the
// service gives after COMMIT. One that fails is sent again, so the service may
// see a fix twice and must store it once.
package device

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/mqtt"
)

// Config says who the device is and where it connects.
type Config struct {
	Broker   string // tcp://host:1883, ssl://host:8883, ws://host:8083
	Ubigeo   string
	Device   string
	Password string
	TLS      *tls.Config
	OnRound  func(payload []byte) // its round was published; nil: it does not read it
	Logger   *slog.Logger

	ConnectTimeout time.Duration // default 10 s
	Retry          time.Duration // between attempts to publish, default 1 s
}

// Client is a connected device.
type Client struct {
	cfg    Config
	client paho.Client
	log    *slog.Logger
}

// Dial connects. It fails if the broker cannot be reached or refuses the
// device; a connection lost later is made again by itself.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.ConnectTimeout <= 0 {
		cfg.ConnectTimeout = 10 * time.Second
	}
	if cfg.Retry <= 0 {
		cfg.Retry = time.Second
	}
	u, err := url.Parse(cfg.Broker)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%w: MQTT broker address %q is not of the form tcp://host:1883", fleet.ErrInvalid, cfg.Broker)
	}
	user := mqtt.DeviceUser(cfg.Ubigeo, cfg.Device)
	if _, _, err := mqtt.ParseDeviceUser(user); err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, log: cfg.Logger.With("device", user)}
	o := paho.NewClientOptions().AddBroker(cfg.Broker).SetClientID(user).SetUsername(user).SetPassword(cfg.Password).
		SetProtocolVersion(4).SetCleanSession(true).SetOrderMatters(false).
		SetConnectTimeout(cfg.ConnectTimeout).SetWriteTimeout(cfg.ConnectTimeout).SetKeepAlive(30 * time.Second).
		SetMaxReconnectInterval(10 * time.Second)
	if cfg.TLS != nil {
		o.SetTLSConfig(cfg.TLS)
	}
	o.SetOnConnectHandler(func(pc paho.Client) {
		if cfg.OnRound != nil {
			pc.Subscribe(mqtt.RoundTopic(cfg.Ubigeo, cfg.Device), 1, func(_ paho.Client, m paho.Message) { cfg.OnRound(m.Payload()) })
		}
	})
	o.SetConnectionLostHandler(func(_ paho.Client, err error) {
		c.log.Warn("the device's connection is lost; connecting again", "error", err)
	})
	c.client = paho.NewClient(o)
	if err := wait(ctx, c.client.Connect()); err != nil {
		c.client.Disconnect(0)
		return nil, fmt.Errorf("device %s cannot connect to %s: %w", user, u.Redacted(), err)
	}
	return c, nil
}

// Publish sends a payload of fixes and returns once it is acknowledged. It
// tries until the context ends.
func (c *Client) Publish(ctx context.Context, payload []byte) error {
	for {
		err := errors.New("not connected")
		if c.client.IsConnectionOpen() {
			err = wait(ctx, c.client.Publish(mqtt.PosTopic(c.cfg.Ubigeo, c.cfg.Device), 1, false, payload))
		}
		if err == nil || ctx.Err() != nil {
			return err
		}
		c.log.Debug("a fix was not acknowledged and is sent again", "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(c.cfg.Retry):
		}
	}
}

// Close disconnects; what was acknowledged is safe.
func (c *Client) Close() { c.client.Disconnect(100) }

func wait(ctx context.Context, t paho.Token) error {
	select {
	case <-t.Done():
		return t.Error()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Fleet is many devices, each on its own connection, as a simulation needs it:
// Publish queues in order per device, so that one slow acknowledgement does not
// hold the others up.
type Fleet struct {
	ctx    context.Context
	cancel context.CancelFunc
	queues map[string]chan []byte
	wg     sync.WaitGroup
	close  sync.Once
}

// queueLength is how many payloads of a device may wait; then Publish blocks.
const queueLength = 256

// DialFleet connects every device; base has what they share, passwords the
// device's passwords.
func DialFleet(ctx context.Context, base Config, passwords map[string]string) (*Fleet, error) {
	f := &Fleet{queues: map[string]chan []byte{}}
	f.ctx, f.cancel = context.WithCancel(ctx)
	for id, password := range passwords {
		cfg := base
		cfg.Device, cfg.Password = id, password
		c, err := Dial(ctx, cfg)
		if err != nil {
			f.cancel()
			f.Close()
			return nil, err
		}
		q := make(chan []byte, queueLength)
		f.queues[id] = q
		f.wg.Go(func() {
			defer c.Close()
			for payload := range q {
				if c.Publish(f.ctx, payload) != nil { // only when the context has ended
					return
				}
			}
		})
	}
	return f, nil
}

// Publish queues a payload of a device.
func (f *Fleet) Publish(ctx context.Context, device string, payload []byte, _ time.Time) error {
	q, ok := f.queues[device]
	if !ok {
		return fmt.Errorf("%w: device %s is not among those connected", fleet.ErrNotFound, device)
	}
	select {
	case q <- payload:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-f.ctx.Done():
		return f.ctx.Err()
	}
}

// Close waits until everything queued is acknowledged, or the context of
// DialFleet ends, and disconnects. Publish must not be called afterwards.
func (f *Fleet) Close() {
	f.close.Do(func() {
		for _, q := range f.queues {
			close(q)
		}
		f.wg.Wait()
		f.cancel()
	})
}
