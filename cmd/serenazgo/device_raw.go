package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// deviceRawCmd looks at what a device sends, as it came, or says for how long it
// is kept.
type deviceRawCmd struct {
	storeFlags
	ID    string `arg:"" help:"The device."`
	Days  *int   `help:"Keep its payloads for so many days from now on (0 to 30; 0: not at all), and forget older ones." placeholder:"N"`
	Limit int    `help:"At most so many, the last received first." default:"20"`
	JSON  bool   `help:"Print one JSON object." name:"json"`
}

// rawListed is a payload as this command prints it.
type rawListed struct {
	Received time.Time      `json:"received"`
	Topic    string         `json:"topic"`
	Client   string         `json:"client,omitempty"`
	Decoder  string         `json:"decoder,omitempty"`
	Bytes    int            `json:"bytes"`
	Payload  string         `json:"payload"` // its beginning; what is not text is escaped
	Fixes    []fleet.RawFix `json:"fixes"`
	Rejects  []string       `json:"rejects,omitempty"`
}

// Run looks, or sets the days.
func (c *deviceRawCmd) Run(ctx context.Context) error {
	if c.Limit < 1 {
		return badInputf("--limit %d: give a number from 1", c.Limit)
	}
	if c.Days != nil && (*c.Days < 0 || *c.Days > fleet.MaxRawDays) {
		return badInputf("--days %d: give 0 to %d", *c.Days, fleet.MaxRawDays)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	all, err := st.Devices(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(x fleet.Device) bool { return x.ID == c.ID && x.Known })
	if i < 0 {
		return badInputf("no device %s is registered in district %s; see serenazgo device list", c.ID, d.Ubigeo)
	}
	days := all[i].RawDays
	if c.Days != nil {
		days = *c.Days
		row := cliRow(d.Ubigeo, "device.raw.keep", c.ID, strconv.Itoa(days))
		if err := st.SetRawDays(ctx, d.Ubigeo, c.ID, days, row); err != nil {
			return err
		}
	}
	ps, err := st.RawPayloads(ctx, d.Ubigeo, c.ID, c.Limit)
	if err != nil {
		return err
	}
	if err := auditCLI(ctx, st, d.Ubigeo, "device.raw.view", c.ID, strconv.Itoa(len(ps))); err != nil {
		return err
	}
	out := []rawListed{}
	for _, p := range ps {
		text := strconv.QuoteToGraphic(string(p.Payload))
		out = append(out, rawListed{Received: p.Received, Topic: p.Topic, Client: p.Client, Decoder: p.Decoder, Bytes: p.Bytes, Payload: text[1 : len(text)-1], Fixes: p.Fixes, Rejects: p.Rejects})
	}
	if c.JSON {
		return printJSON(struct {
			Days     int         `json:"days"`
			Payloads []rawListed `json:"payloads"`
		}{days, out})
	}
	if days == 0 {
		fmt.Printf("payloads of %s are not kept; --days 3 keeps them for three days\n", c.ID)
	} else {
		fmt.Printf("payloads of %s are kept for %d days\n", c.ID, days)
	}
	for _, p := range out {
		fmt.Printf("%s  %s  %s  %d bytes, %d positions\n  %s\n", p.Received.Format(time.RFC3339), p.Topic, p.Decoder, p.Bytes, len(p.Fixes), p.Payload)
		for _, r := range p.Rejects {
			fmt.Printf("  not read: %s\n", r)
		}
	}
	return nil
}
