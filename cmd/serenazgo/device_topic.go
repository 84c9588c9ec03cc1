package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/serenazgo/serenazgo/fleet"
)

// topicCmd looks after the rules by which MQTT topics are read.
type topicCmd struct {
	List   topicListCmd   `cmd:"" help:"List the rules in the order in which they are tried."`
	Add    topicAddCmd    `cmd:"" help:"Add a rule, or replace the one of its pattern."`
	Remove topicRemoveCmd `cmd:"" help:"Take a rule away."`
}

// topicListCmd lists rules.
type topicListCmd struct {
	storeFlags
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run lists them.
func (c *topicListCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	rules, err := st.TopicRules(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(struct {
			Rules []fleet.TopicRule `json:"rules"`
		}{append([]fleet.TopicRule{}, rules...)})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, r := range rules {
		fmt.Fprintf(w, "%s\t%s\tdevice from the %s\t%s\n", r.Pattern, r.Format, r.Identity, r.Note)
	}
	return w.Flush()
}

// topicAddCmd adds a rule.
type topicAddCmd struct {
	storeFlags
	Pattern  string `arg:"" help:"Topic; {device} stands for the level that names the device, + for any level, # at the end for the rest."`
	Format   string `help:"Format of the payloads: ${enum}." enum:"auto,serenazgo,geojson,owntracks,traccar,osmand,teltonika,flespi,thingsboard,meshtastic" default:"auto"`
	Identity string `help:"Where the device is named: ${enum} (default: topic if the pattern has {device}, else payload)." enum:"topic,payload,login," default:""`
	Note     string `help:"Remark." placeholder:"TEXT"`
}

// Run adds it.
func (c *topicAddCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	r := fleet.TopicRule{Ubigeo: d.Ubigeo, Pattern: c.Pattern, Format: c.Format, Identity: fleet.IdentitySource(c.Identity), Note: c.Note}
	if r.Identity == "" {
		r.Identity = fleet.IdentityTopic
		if fleet.CheckTopicRule(r) != nil {
			r.Identity = fleet.IdentityPayload
		}
	}
	if err := fleet.CheckTopicRule(r); err != nil {
		return badInput(err)
	}
	if err := st.SaveTopicRule(ctx, r); err != nil {
		return err
	}
	return auditCLI(ctx, st, d.Ubigeo, "topic_rule.save", r.Pattern, r.Format)
}

// topicRemoveCmd takes a rule away.
type topicRemoveCmd struct {
	storeFlags
	Pattern string `arg:"" help:"Its pattern."`
}

// Run removes it.
func (c *topicRemoveCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := st.DeleteTopicRule(ctx, d.Ubigeo, c.Pattern); errors.Is(err, fleet.ErrNotFound) {
		return badInput(err)
	} else if err != nil {
		return err
	}
	return auditCLI(ctx, st, d.Ubigeo, "topic_rule.delete", c.Pattern, "")
}
