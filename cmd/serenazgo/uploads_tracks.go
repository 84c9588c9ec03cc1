package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/guest"
)

// errNoTracks is a file of which no row can be used.
var errNoTracks = errors.New("no track in the file")

// trackWords say why a row of a file of tracks is left out.
var trackWords = map[guest.Code]string{
	guest.NoTime:   "sin fecha y hora",
	guest.BadTime:  "la fecha y hora no se entiende; escríbala como 2026-11-21 22:00:00",
	guest.Future:   "la hora aún no llega",
	guest.TooOld:   "es más antigua que lo que el distrito conserva",
	guest.NoPlace:  "sin posición",
	guest.BadPlace: "la posición no es latitud y longitud en grados",
	guest.Far:      "queda lejos del distrito",
	guest.NoUnit:   "sin vehículo",
	guest.BadUnit:  "el nombre del vehículo no vale: hasta 40 letras",
	guest.IsKnown:  "el vehículo ya se sigue por su GPS en este servicio",
	guest.BadRow:   "la fila está mal escrita",
	guest.Repeated: "otra posición del vehículo en el mismo instante",
}

// maxTrackLines is how many rows a report lists.
const maxTrackLines = 20

// ImportTracks takes in what police vehicles drove. One file is read at a time,
// since its positions are held in memory.
func (u *uploads) ImportTracks(ctx context.Context, d fleet.District, file api.Upload, dryRun bool, by fleet.AuditRow) (api.ImportReport, error) {
	u.reading.Lock()
	defer u.reading.Unlock()
	if err := ctx.Err(); err != nil { // nobody waits for it any more
		return api.ImportReport{}, err
	}
	c := importTracksCmd{File: file.Path, DryRun: dryRun, KeepDays: int(u.a.cfg.Retention / (24 * time.Hour))}
	rep, err := c.load(ctx, u.a.store, d, file.Name, by, u.a.now())
	for _, x := range rep.Left[:min(len(rep.Left), maxTrackLines)] {
		said := fmt.Sprintf("Fila %d: %s", x.Row, trackWords[x.Code])
		if x.Value != "" {
			said += fmt.Sprintf(" («%s»)", short(x.Value, 40))
		}
		rep.Notes = append(rep.Notes, said)
	}
	switch {
	case errors.Is(err, errNoTracks):
		return api.ImportReport{}, api.Refused("file", fmt.Sprintf("El archivo «%s» no tiene ninguna posición que sirva.", file.Name), rep.Notes...)
	case errors.Is(err, guest.ErrFile):
		return api.ImportReport{}, api.Refused("file", fmt.Sprintf("El archivo «%s» no se puede leer: debe ser GPX, o CSV con columnas de vehículo, fecha y hora, latitud y longitud.", file.Name))
	case err != nil:
		return api.ImportReport{}, err
	}
	said := fmt.Sprintf("%d posiciones nuevas de %d vehículos.", rep.Inserted, len(rep.Units))
	if dryRun {
		said = fmt.Sprintf("%d posiciones de %d vehículos.", rep.Inserted, len(rep.Units))
	}
	if same := rep.Known - rep.Replaced; same > 0 {
		said += fmt.Sprintf(" %d ya estaban.", same)
	}
	if rep.Replaced > 0 {
		said += fmt.Sprintf(" %d reemplazan lo que otro archivo decía de esos instantes.", rep.Replaced)
	}
	for _, code := range slices.Sorted(maps.Keys(rep.Reasons)) {
		if n := rep.Reasons[code]; n > 0 && rep.Rejected > maxTrackLines {
			rep.Notes = append(rep.Notes, fmt.Sprintf("En total, %d filas: %s", n, trackWords[code]))
		}
	}
	return report(dryRun, said, rep)
}
