package osm

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/serenazgo/serenazgo/routing"
)

// textRemarks is how many remarks of a kind the text form lists.
const textRemarks = 5

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "  %-22s %s\n", label, fmt.Sprintf(format, args...))
	}
	line("mapped", "%.1f km in %d ways, %.0f %% named, %d one-way", r.DrivableKm, r.DrivableWays, r.NamedPct, r.OneWayWays)
	if r.FootOnlyKm > 0 {
		line("on foot only", "%.1f km of paths, steps and pedestrian streets", r.FootOnlyKm)
	}
	line("network", "%.1f km in %d segments, %d junctions (%d odd), %d components", r.Km, r.Segments, r.Junctions, r.OddJunctions, r.Components)
	line("by class", "%s", classText(r.KmByClass))
	line("without a name", "%.0f %% of the length (%.0f %% inside the boundary): called by their neighbours", r.UnnamedPct, r.UnnamedInsidePct)
	line("one-way", "%.1f km, %.0f %%", r.OneWayKm, r.OneWayShare)
	line("of the district", "%.1f km in %d segments", r.BelongingKm, r.BelongingSegments)
	line("within reach", "%.1f km in %d segments, %d odd junctions, by %s from %.5f, %.5f", r.Reachable.StreetKm, r.Reachable.Segments,
		r.Reachable.OddJunctions, r.ReachMode, r.Base[1], r.Base[0])
	line("out of reach", "%.1f km in %d segments, %d pieces", r.UnreachableKm, r.Reachable.UnreachableSegments, r.UnreachablePieces)
	for i, u := range r.Unreachable {
		if i == textRemarks {
			more(&b, len(r.Unreachable)-i)
			break
		}
		fmt.Fprintf(&b, "      %.2f km, %d segments: %s (%.5f, %.5f)\n", u.Km, u.Segments, u.Name, u.Place[1], u.Place[0])
	}
	line("excluded", "%.1f km closed by access tags inside the boundary, %.1f km in the whole extract", r.ExcludedKm, r.ExcludedAllKm)
	line("turn restrictions", "%d used, %d without effect, %d not supported", r.Turns.Used, r.Turns.Idle, r.Turns.Refused)
	remarks(&b, r.Turns.Unsupported)
	line("gates, barriers", "%d segments with a gate, %d places closed to somebody", r.Gates, r.Barriers)
	if r.MissingNodes > 0 {
		line("missing from the file", "%d points of %d streets: they end there", r.MissingNodes, r.CutWays)
	}
	if r.Conditional > 0 {
		line("by the hour", "%d streets with rules for certain hours, which are not read", r.Conditional)
	}
	if r.WarningCount > 0 {
		line("warnings", "%d", r.WarningCount)
		remarks(&b, r.Warnings)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func classText(km map[string]float64) string {
	var parts []string
	for c := routing.Motorway; c.Known(); c++ {
		if v := km[c.String()]; v > 0 {
			parts = append(parts, fmt.Sprintf("%s %.1f", c, v))
		}
	}
	return strings.Join(parts, ", ") + " km"
}

func remarks(b *strings.Builder, list []Remark) {
	for i, m := range list {
		if i == textRemarks {
			more(b, len(list)-i)
			return
		}
		var ids []string
		if m.Way != 0 {
			ids = append(ids, fmt.Sprintf("way %d", m.Way))
		}
		if m.Relation != 0 {
			ids = append(ids, fmt.Sprintf("relation %d", m.Relation))
		}
		ids = slices.Concat(ids, []string{fmt.Sprintf("%.5f, %.5f", m.Place[1], m.Place[0])})
		fmt.Fprintf(b, "      %s (%s)\n", m.Text, strings.Join(ids, ", "))
	}
}

func more(b *strings.Builder, n int) { fmt.Fprintf(b, "      and %d more (see --json)\n", n) }
