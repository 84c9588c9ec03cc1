package main

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
)

// hotspotsSeriesCmd counts incidents by week or month.
type hotspotsSeriesCmd struct {
	storeFlags
	By     string `help:"Length of the periods: ${enum}." enum:"week,month" default:"week"`
	N      int    `help:"Number of periods." default:"26" short:"n"`
	Group  string `help:"Group of types, such as robo (default: all)."`
	Sector string `help:"Id of a sector (default: the whole district)."`
	JSON   bool   `help:"Print one JSON object." name:"json"`
}

// seriesRow is a period as it is printed.
type seriesRow struct {
	Start   string `json:"start"`
	Count   int    `json:"count"`
	Before  *int   `json:"before"`
	YearAgo *int   `json:"year_ago"`
	Open    bool   `json:"open"`
}

// Run prints the series.
func (c *hotspotsSeriesCmd) Run(ctx context.Context) error {
	if c.N < 1 || c.N > 1000 {
		return badInputf("-n %d: give 1 to 1000 periods", c.N)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	names, areas, err := sectorsOf(ctx, st, d.Ubigeo)
	if err != nil {
		return err
	}
	choice := hotspots.Choice{Group: c.Group}
	for i, f := range names {
		if f.ID == c.Sector {
			choice.In = areas[i]
		}
	}
	if c.Sector != "" && choice.In == nil {
		return badInputf("no sector is called %q; serenazgo area list names them", c.Sector)
	}
	loc, err := d.Location()
	if err != nil {
		return err
	}
	now := time.Now()
	ins, err := st.Incidents(ctx, d.Ubigeo, time.Time{}, now)
	if err != nil {
		return err
	}
	rows := []seriesRow{}
	for _, p := range hotspots.SeriesOf(ins, choice, hotspots.Step(c.By), now, c.N, loc) {
		rows = append(rows, seriesRow{p.Start.Format(time.DateOnly), p.Count, p.Before, p.YearAgo, p.Open})
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "by": c.By, "periods": rows})
	}
	known := func(n *int) string {
		if n == nil {
			return "—"
		}
		return fmt.Sprint(*n)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FROM\tCOUNT\tBEFORE\tYEAR AGO\t")
	for _, r := range rows {
		state := ""
		if r.Open {
			state = "not ended"
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\n", r.Start, r.Count, known(r.Before), known(r.YearAgo), state)
	}
	return w.Flush()
}

// hotspotsNoticesCmd tells what was unusual in the last seven days.
type hotspotsNoticesCmd struct {
	storeFlags
	JSON bool `help:"Print one JSON object." name:"json"`
}

// noticeRow is a notice as it is printed.
type noticeRow struct {
	Sector   string  `json:"sector"` // "": the whole district
	Group    string  `json:"group"`
	Count    int     `json:"count"`
	Expected float64 `json:"expected"`
	P        float64 `json:"p"`
	Q        float64 `json:"q"`
}

// Run looks for them.
func (c *hotspotsNoticesCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	names, areas, err := sectorsOf(ctx, st, d.Ubigeo)
	if err != nil {
		return err
	}
	if len(areas) == 0 {
		names, areas = []journal.Fence{{}}, []func(orb.Point) bool{func(orb.Point) bool { return true }}
	}
	loc, err := d.Location()
	if err != nil {
		return err
	}
	now := time.Now()
	ins, err := st.Incidents(ctx, d.Ubigeo, now.AddDate(-1, 0, 0), now)
	if err != nil {
		return err
	}
	u := hotspots.UnusualWeek(ins, areas, now, loc)
	rows := []noticeRow{}
	for _, n := range u.Notices {
		rows = append(rows, noticeRow{names[n.Area].Name, n.Group, n.Count, n.Expected, n.P, n.Q})
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "start": u.Start, "end": u.End, "weeks": u.Weeks, "tests": u.Tests, "dispersion": u.Dispersion, "notices": rows})
	}
	if u.Weeks == 0 {
		fmt.Println("too short a history to tell what is usual")
		return nil
	}
	for _, r := range rows {
		where := ""
		if r.Sector != "" {
			where = " in " + r.Sector
		}
		fmt.Printf("%s%s: %d in seven days, %.1f expected (p %.2g)\n", r.Group, where, r.Count, r.Expected, r.P)
	}
	fmt.Printf("%d notices of %d sectors and types, compared with %d weeks; at most %.0f %% of them by chance\n", len(rows), u.Tests, u.Weeks, 100*hotspots.FalseNotices)
	return nil
}

// hotspotsFeedbackCmd compares what patrols find with what people report.
type hotspotsFeedbackCmd struct {
	storeFlags
	Days int  `help:"Days back from now." default:"90"`
	JSON bool `help:"Print one JSON object." name:"json"`
}

// feedbackRow is a sector as it is printed.
type feedbackRow struct {
	Sector        string  `json:"sector"`
	Reported      int     `json:"reported"`
	Discovered    int     `json:"discovered"`
	ReportedPct   float64 `json:"reported_pct"`
	DiscoveredPct float64 `json:"discovered_pct"`
	Sides         int     `json:"sides"`
}

// Run audits the sectors.
func (c *hotspotsFeedbackCmd) Run(ctx context.Context) error {
	if c.Days < 1 || c.Days > 3660 {
		return badInputf("--days %d: give 1 to 3660", c.Days)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	names, areas, err := sectorsOf(ctx, st, d.Ubigeo)
	if err != nil {
		return err
	}
	if len(areas) == 0 {
		return badInputf("district %s has no sectors to compare: load them with serenazgo area import", d.Ubigeo)
	}
	to := time.Now()
	from := to.AddDate(0, 0, -c.Days)
	ins, err := st.Incidents(ctx, d.Ubigeo, from.AddDate(0, 0, -2), to) // middles of intervals lie later
	if err != nil {
		return err
	}
	all := hotspots.FeedbackOf(ins, areas, from, to)
	reported, discovered := 0, 0
	for _, f := range all {
		reported, discovered = reported+f.Reported, discovered+f.Discovered
	}
	pct := func(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }
	rows := []feedbackRow{}
	for i, f := range all {
		rows = append(rows, feedbackRow{names[i].Name, f.Reported, f.Discovered, pct(f.Reported, reported), pct(f.Discovered, discovered), f.Sides})
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "days": c.Days, "reported": reported, "discovered": discovered, "sectors": rows})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SECTOR\tREPORTED\t%\tFOUND BY PATROLS\t%\t")
	for _, r := range rows {
		say := map[int]string{1: "patrols find more than is reported", -1: "patrols find less than is reported"}[r.Sides]
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%d\t%.1f\t%s\n", r.Sector, r.Reported, r.ReportedPct, r.Discovered, r.DiscoveredPct, say)
	}
	return w.Flush()
}

// sectorsOf gives the sectors of a district, and what of them holds a place.
func sectorsOf(ctx context.Context, st *store.Store, ubigeo string) ([]journal.Fence, []func(orb.Point) bool, error) {
	fences, err := st.Fences(ctx, ubigeo)
	var out []journal.Fence
	var areas []func(orb.Point) bool
	for _, f := range fences {
		if f.Kind == journal.Sector {
			out, areas = append(out, f), append(areas, routing.NewRegion(f.Geometry).Contains)
		}
	}
	return out, areas, err
}
