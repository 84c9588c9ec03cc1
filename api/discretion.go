package api

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
	"github.com/serenazgo/serenazgo/routing"
)

// smallCount: counts of incidents under it are not told outside the control
// room, since so few could be recognised.
const smallCount = 3

// inControlRoom tells whether the caller works where incidents come in and units
// are sent out, and so may see single ones. Outside it single places and small
// counts stay hidden.
func inControlRoom(ctx context.Context, ubigeo string) bool {
	switch callerOf(ctx).user.Districts[ubigeo] {
	case fleet.RoleAdmin, fleet.RoleSupervisor, fleet.RoleOperator:
		return true
	}
	return false
}

// coarseCount: outside the control room counts are told in steps of it, or the
// single incident would show in the difference between one day's count and the
// next one's.
const coarseCount = 5

// countFor gives a count as the caller may see it; nil: it is too small.
func countFor(control bool, n int) *int {
	if control {
		return &n
	}
	if n < smallCount {
		return nil
	}
	n = (n + coarseCount/2) / coarseCount * coarseCount
	return &n
}

// roughly gives a figure of the forecast as the caller may see it.
func roughly(control bool, v float64) float64 {
	if control {
		return v
	}
	return risk.Coarse(v)
}

// tenths gives a share to the tenth outside the control room.
func tenths(control bool, v float64) float64 {
	if control {
		return v
	}
	return math.Round(v*10) / 10
}

// wholeTenths gives shares that add up to 1 in tenths that do so too, by the
// method of the largest remainder.
func wholeTenths(shares []float64) []float64 {
	out := make([]float64, len(shares))
	order := make([]int, len(shares))
	left := 10
	for i, v := range shares {
		order[i] = i
		out[i] = math.Floor(v*10 + 1e-9)
		left -= int(out[i])
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(shares[b]*10-out[b], shares[a]*10-out[a]) })
	for _, i := range order[:min(max(0, left), len(order))] {
		out[i]++
	}
	for i := range out {
		out[i] /= 10
	}
	return out
}

// pointHidden tells whether an incident's place must not be told: family and
// sexual violence to nobody, single incidents to nobody outside the control room.
func pointHidden(control bool, in hotspots.Incident) bool {
	return !control || hotspots.Sensitive(in.Type)
}

// veiled gives the name by which an incident whose place is hidden is told from
// others until the program starts anew. Its key may be a hash of its place, time
// and type, of which the place could be found by trying all.
func (s *server) veiled(key string) string {
	mac := hmac.New(sha256.New, s.veil[:])
	mac.Write([]byte(key))
	return "hidden-" + hex.EncodeToString(mac.Sum(nil)[:12])
}

// sectorNames finds the sectors that places lie in.
type sectorNames struct {
	names   []string
	regions []*routing.Region
}

func (s *server) sectorNames(ctx context.Context, ubigeo string) (sectorNames, error) {
	var out sectorNames
	fences, err := s.cfg.Store.Fences(ctx, ubigeo)
	for _, f := range fences {
		if f.Kind == journal.Sector {
			out.names, out.regions = append(out.names, f.Name), append(out.regions, routing.NewRegion(f.Geometry))
		}
	}
	return out, err
}

// of gives the name of the first sector that holds p; "" if none does.
func (n sectorNames) of(p orb.Point) string {
	for i, r := range n.regions {
		if r.Contains(p) {
			return n.names[i]
		}
	}
	return ""
}
