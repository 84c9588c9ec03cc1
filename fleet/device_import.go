package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// DeviceStore is where a table of devices goes.
type DeviceStore interface {
	Units(ctx context.Context, ubigeo string) ([]Unit, error)
	Devices(ctx context.Context, ubigeo string) ([]Device, error)
	SaveDevice(ctx context.Context, d Device, passwordHash string) error
}

// DeviceImport tells what became of a table of devices.
type DeviceImport struct {
	Added   int      `json:"added"`
	Changed int      `json:"changed"` // registered before, or reporting without being registered
	Bad     []BadRow `json:"bad"`
	IDs     []string `json:"-"` // of the good rows
}

// ImportDevices registers the devices of a table that ReadDevices read. A row
// whose unit does not exist, or whose identity another device has, becomes a
// bad one. With dryRun nothing is saved.
func ImportDevices(ctx context.Context, st DeviceStore, ubigeo string, rows []DeviceRow, bad []BadRow, dryRun bool) (DeviceImport, error) {
	out := DeviceImport{Bad: append([]BadRow{}, bad...)}
	units, err := st.Units(ctx, ubigeo)
	if err != nil {
		return out, err
	}
	old, err := st.Devices(ctx, ubigeo)
	if err != nil {
		return out, err
	}
	have, owner := map[string]bool{}, map[string]string{}
	for _, d := range old {
		have[d.ID] = true
		for _, x := range d.Identities {
			owner[x] = d.ID
		}
	}
	for _, r := range rows {
		d := r.Device
		d.Ubigeo = ubigeo
		refuse := func(code, value, other, format string, args ...any) {
			out.Bad = append(out.Bad, rowError{code, value, other, fmt.Sprintf(format, args...)}.bad(r.Line, d.ID))
		}
		if d.Unit != "" && !slices.ContainsFunc(units, func(u Unit) bool { return u.ID == d.Unit }) {
			refuse(RowUnit, d.Unit, "", "the district has no unit %q; make it first, or leave the unit out", d.Unit)
			continue
		}
		if i := slices.IndexFunc(d.Identities, func(x string) bool { return owner[x] != "" && owner[x] != d.ID }); i >= 0 {
			x := d.Identities[i]
			refuse(RowIdentityTaken, x, owner[x], "the identity %q is that of device %s", x, owner[x])
			continue
		}
		if !dryRun {
			switch err := st.SaveDevice(ctx, d, ""); {
			case errors.Is(err, ErrConflict), errors.Is(err, ErrInvalid):
				refuse(RowIdentityTaken, d.ID, "", "%s", strings.TrimPrefix(err.Error(), "save device "+d.ID+": "))
				continue
			case err != nil:
				return out, err
			}
		}
		out.IDs = append(out.IDs, d.ID)
		if have[d.ID] {
			out.Changed++
		} else {
			out.Added++
		}
	}
	slices.SortStableFunc(out.Bad, func(a, b BadRow) int { return a.Line - b.Line })
	return out, nil
}
