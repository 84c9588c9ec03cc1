// Package device is a fleet on the other end of the door: each device logs in
// by itself, publishes its fixes in order, dials again after a broken
// connection and sends again what was not acknowledged, as trackers do. The
// simulated fleet comes in through it.
//
// The service acknowledges after COMMIT. It may see a fix twice and must store
// it once.
package device

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

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
	Retry    time.Duration // between attempts, default 1 s
}

// Client is one device. It is not safe for concurrent use: a device does one
// thing after the other.
type Client struct {
	cfg  Config
	user string
	log  *slog.Logger
	conn *mqtt.Device // nil: broken
}

// Dial connects. It fails if the broker cannot be reached or refuses the
// device; a connection that breaks later is made again by the next Publish.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Retry <= 0 {
		cfg.Retry = time.Second
	}
	if u, err := url.Parse(cfg.Broker); err != nil || u.Host == "" {
		return nil, fmt.Errorf("%w: MQTT broker address %q is not of the form tcp://host:1883", fleet.ErrInvalid, cfg.Broker)
	}
	user := mqtt.DeviceUser(cfg.Ubigeo, cfg.Device)
	if _, _, err := mqtt.ParseDeviceUser(user); err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, user: user, log: cfg.Logger.With("device", user)}
	return c, c.connect(ctx)
}

func (c *Client) connect(ctx context.Context) error {
	conn, err := mqtt.DialDevice(ctx, mqtt.DeviceConfig{URL: c.cfg.Broker, Username: c.user, Password: c.cfg.Password, TLS: c.cfg.TLS})
	if err != nil {
		return err
	}
	if c.cfg.OnRound != nil {
		if err := conn.Subscribe(ctx, mqtt.RoundTopic(c.cfg.Ubigeo, c.cfg.Device), c.cfg.OnRound); err != nil {
			conn.Close()
			return err
		}
	}
	c.conn = conn
	return nil
}

// Publish sends a payload of fixes and returns once it is acknowledged. It
// tries until the context ends.
func (c *Client) Publish(ctx context.Context, payload []byte) error {
	for {
		var err error
		if c.conn == nil {
			err = c.connect(ctx)
		}
		if c.conn != nil {
			if err = c.conn.Publish(ctx, mqtt.PosTopic(c.cfg.Ubigeo, c.cfg.Device), payload); err == nil {
				return nil
			}
			c.Close()
		}
		if ctx.Err() != nil {
			return err
		}
		c.log.Warn("a fix was not acknowledged; it is sent again", "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(c.cfg.Retry):
		}
	}
}

// Close disconnects; what was acknowledged is safe.
func (c *Client) Close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
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
