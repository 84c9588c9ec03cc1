package daily_test

import (
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/hotspots"
)

// TestWhoCameToOccurrences: the time of an arrival is the source's, else that of
// the first position there, which a late one may make earlier; what nobody says is
// not known.
func TestWhoCameToOccurrences(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	fixes := drive(w.line[0], w.line[len(w.line)-1], w.begin, 400) // 33 minutes, to the street's end and back every 400 s
	_, err := w.st.StoreFixes(ctx, fixes[60:])
	w.must(err)
	call := func(key string, known time.Time, in hotspots.Incident) hotspots.Incident {
		in.Key, in.At, in.Known, in.Origin, in.Source = key, known.Add(-time.Minute), known, hotspots.OriginCall, "live"
		in.Type[0] = "Robo"
		if in.Point == (hotspots.Incident{}).Point {
			in.Point = w.line[0]
		}
		return in
	}
	begin := w.begin
	_, _, err = w.st.SaveIncidents(ctx, ubigeo, []hotspots.Incident{
		call("a", begin, hotspots.Incident{}),                      // the unit is there at 400 s, or, by what comes late, at once
		call("b", begin.Add(500*time.Second), hotspots.Incident{}), // 300 s later
		call("c", begin.Add(2*time.Hour), hotspots.Incident{}),     // nobody comes
		call("d", begin, hotspots.Incident{Answered: &hotspots.Answered{Assigned: begin.Add(2 * time.Minute), Arrived: begin.Add(20 * time.Minute), Outcome: hotspots.OutcomeFalse}}),
		call("e", begin, hotspots.Incident{Grade: hotspots.GradeStreet}), // somewhere in the street
	})
	w.must(err)
	figures := func() map[string]review.Figure {
		t.Helper()
		due, err := w.m.Due(ctx, ubigeo, w.p, false)
		w.must(err)
		w.must(w.m.MakeAll(ctx, ubigeo, due, func(string) {}))
		_, err = w.m.FindReached(ctx, ubigeo, w.p)
		w.must(err)
		r, err := w.m.Review(ctx, ubigeo, review.Query{Period: w.p})
		w.must(err)
		if r.Occurrences.N != 5 || r.Occurrences.Alarms != 5 || r.Occurrences.Answered != 3 || len(r.Occurrences.ByType) != 1 {
			t.Errorf("occurrences %+v", r.Occurrences)
		}
		out := map[string]review.Figure{}
		for _, i := range r.Indicators {
			out[i.Key] = i.Together
		}
		return out
	}
	check := func(what, key string, got map[string]review.Figure, want float64, n int) {
		t.Helper()
		if f := got[key]; f.Value == nil || f.N != n || *f.Value < want-0.3 || *f.Value > want+0.3 {
			t.Errorf("%s: %s is %+v, want %v of %d", what, key, f, want, n)
		}
	}
	got := figures() // minutes: a 5 or so, b 300 s less the radius, d 20
	check("at first", review.KeyResponse90, got, 20, 3)
	check("at first", review.KeyDispatch, got, 2, 1)
	check("at first", review.KeyFalse, got, 100, 1)
	before := *got[review.KeyResponse].Value
	if looked, err := w.m.FindReached(ctx, ubigeo, w.p); err != nil || looked != 0 {
		t.Errorf("%d were looked at again: %v", looked, err)
	}
	_, err = w.st.StoreFixes(ctx, fixes[:60])
	w.must(err)
	got = figures()
	check("with what came late", review.KeyResponse90, got, 20, 3)
	if after := *got[review.KeyResponse].Value; after >= before {
		t.Errorf("the median is %v minutes with what came late, %v before", after, before)
	}
	if f := got[review.KeyPartes]; f.Value == nil {
		t.Error("nothing is said of the occurrences of a shift")
	}
}
