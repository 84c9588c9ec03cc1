package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// uploads takes the files that people send to the page, the same way as the
// commands import them.
type uploads struct {
	a        *App
	progress sync.Map   // api.ImportProgress by district and token
	reading  sync.Mutex // held while a file of incidents or tracks is read
}

func report(dryRun bool, message string, rep any) (api.ImportReport, error) {
	raw, err := json.Marshal(rep)
	return api.ImportReport{DryRun: dryRun, Message: message, Report: raw}, err
}

// ImportStreets replaces the district's streets; without a boundary file the
// district keeps the one it has, and without paths the choice that its streets
// were read with.
func (u *uploads) ImportStreets(ctx context.Context, d fleet.District, extract api.Upload, boundary *api.Upload, paths *bool, dryRun bool, user string) (api.ImportReport, error) {
	src := osm.Source{File: extract.Path, Ubigeo: d.Ubigeo}
	if paths != nil {
		src.Paths = *paths
	} else {
		var err error
		if src.Paths, err = hasPaths(ctx, u.a.store, d.Ubigeo); err != nil {
			return api.ImportReport{}, err
		}
	}
	if boundary != nil {
		src.BoundaryFile = boundary.Path
	} else if len(d.Boundary) > 0 {
		src.Boundary = d.Boundary
	}
	imp, err := osm.Load(ctx, src)
	if err != nil {
		return api.ImportReport{}, streetsProblem(err, extract, boundary)
	}
	imp.Ubigeo = d.Ubigeo
	rep := streetsReport{Ubigeo: d.Ubigeo, Name: imp.Name, DryRun: dryRun, Report: imp.Report}
	if !dryRun {
		imp.Name = d.Name
		if err := saveStreets(ctx, u.a.store, imp, newDistrict{}, extract.Name, user, u.a.now(), &rep); err != nil {
			return api.ImportReport{}, err
		}
		// Who brings streets in looks at them next: here the answer waits.
		u.a.streets.forget(d.Ubigeo)
		if err := u.a.watch.Reload(context.WithoutCancel(ctx), d.Ubigeo); err != nil {
			u.a.log.Error("read the new streets", "ubigeo", d.Ubigeo, "err", err)
		}
	}
	return report(dryRun, fmt.Sprintf("%.1f km de calles del distrito en %d tramos.", rep.BelongingKm, rep.BelongingSegments), rep)
}

// streetsWords say in Spanish what is wrong with a file of streets or a boundary.
var streetsWords = map[osm.Code]string{
	osm.Unreadable:      "no se puede leer",
	osm.Empty:           "está vacío",
	osm.WrongType:       "no es del tipo que corresponde: las calles van en .osm, .osm.gz, .osm.bz2 u .osm.pbf y el límite en GeoJSON",
	osm.Truncated:       "está incompleto; descárguelo de nuevo",
	osm.Corrupt:         "está dañado; descárguelo de nuevo",
	osm.NoStreets:       "no tiene calles",
	osm.NoBoundary:      "no tiene el límite del distrito",
	osm.NoUbigeo:        "no dice de qué distrito es",
	osm.ManyDistricts:   "tiene varios distritos; deje solo el suyo",
	osm.OpenRing:        "tiene un límite que no se cierra",
	osm.CrossedRing:     "tiene un límite que se cruza a sí mismo",
	osm.BadCoordinate:   "tiene una coordenada que no está en grados",
	osm.BoundaryOutside: "no coincide: el límite queda fuera de las calles",
	osm.BoundaryMissing: "no trae completo el límite del distrito",
	osm.TooLarge:        "es demasiado grande",
	osm.NothingInside:   "no tiene ninguna calle dentro del límite",
}

// streetsProblem says what is wrong with an uploaded file, by the name that it
// was sent under.
func streetsProblem(err error, extract api.Upload, boundary *api.Upload) error {
	var p *osm.Problem
	if !errors.As(err, &p) {
		return err
	}
	name := extract.Name
	if boundary != nil && p.File == filepath.Base(boundary.Path) {
		name = boundary.Name
	}
	text := fmt.Sprintf("El archivo «%s» %s", name, streetsWords[p.Code])
	if p.A > 0 && p.B > 0 {
		text += fmt.Sprintf(" (entre los puntos %d y %d)", p.A, p.B)
	}
	return api.Refused("extract", text+". No se cambió nada.")
}
