package export_test

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/track"
)

var errGone = errors.New("the database went away")

// endless gives fixes until it breaks off.
type endless struct {
	export.Store
	n int
}

func (e endless) EachFixes(_ context.Context, ubigeo, unit string, from, _ time.Time, do func([]fleet.Fix) error) error {
	nan := math.NaN()
	part := make([]fleet.Fix, 1000)
	for i := 0; i < e.n; i += len(part) {
		for k := range part {
			part[k] = fleet.Fix{Ubigeo: ubigeo, Unit: unit, Device: "gps", Time: from.Add(time.Duration(i+k) * time.Second), Seq: int64(i + k), Received: from,
				Point: orb.Point{-79 + float64(i+k)*1e-6, -8}, Speed: 5, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
		}
		if err := do(part); err != nil {
			return err
		}
	}
	return errGone
}

func (endless) Trails(context.Context, string, string, time.Time, time.Time) ([]track.Part, error) {
	return nil, nil
}

func (endless) Days(context.Context, string, string, string, string) ([]journal.Day, error) {
	return nil, nil
}

// TestWorkbookGivenUp: a workbook that broke off leaves no temporary files.
func TestWorkbookGivenUp(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	q := export.Query{Ubigeo: "130102", Loc: time.UTC, What: export.Trail, Units: []fleet.Unit{{ID: "C01", CallSign: "Cazador 1"}}, From: time.Unix(1_763_700_000, 0)}
	q.To = q.From.Add(240 * time.Hour)
	if err := export.Write(t.Context(), io.Discard, endless{n: 60_000}, q, export.XLSX); !errors.Is(err, errGone) {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
