package journal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet/journal"
)

// cuts are the power cuts that are kept, by the minute since the beginning.
func (d *desk) cuts() string {
	d.t.Helper()
	es, err := d.st.Events(d.t.Context(), here, "", d.begun.Add(-time.Hour), d.begun.Add(60*time.Hour), 100)
	d.must(err)
	var out []string
	for i := len(es) - 1; i >= 0; i-- {
		if e := es[i]; e.Kind == journal.PowerCut {
			s := fmt.Sprintf("%.0f..", e.Start.Sub(d.begun).Minutes())
			if !e.End.IsZero() {
				s += fmt.Sprintf("%.0f", e.End.Sub(d.begun).Minutes())
			}
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}

// A power cut in the evening that lasts into the next day is there on both, and
// is told once; what comes late about its beginning changes both days.
func TestKeeperCarriesPowerCut(t *testing.T) {
	d := newDesk(t)
	const hour = 3600
	d.now = d.begun.Add(20 * time.Hour)
	d.fix(20*hour-60, -8.01, "power_cut")
	d.pass(false)
	d.want("the first day", d.cuts(), "1199..")

	d.now = d.begun.Add(24*time.Hour - time.Minute) // 06:59 of the next day
	d.fix(24*hour-120, -8.01, "")
	d.pass(true)
	d.want("the next day", d.cuts(), "1199..1380 1380..")
	if n := strings.Count(strings.Join(d.told, ";"), "power_cut"); n != 1 {
		t.Errorf("the cut was told %d times: %v", n, d.told)
	}

	d.open() // a restart
	d.pass(true)
	d.want("after a restart", d.cuts(), "1199..1380 1380..")

	d.fix(20*hour, -8.01, "power_restored") // late: it was back within a minute
	d.pass(true)
	d.want("back after all", d.cuts(), "1199..1200")
}
