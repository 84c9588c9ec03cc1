package api

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/serenazgo/serenazgo/fleet"
)

// GetTrackFiles lists the files of tracks that were taken in.
func (s *server) GetTrackFiles(ctx context.Context, r GetTrackFilesRequestObject) (GetTrackFilesResponseObject, error) {
	all, err := s.cfg.Store.GuestFiles(ctx, r.Ubigeo)
	return append(GetTrackFiles200JSONResponse{}, all...), err
}

// ImportTracks takes in what police vehicles drove.
func (s *server) ImportTracks(ctx context.Context, r ImportTracksRequestObject) (ImportTracksResponseObject, error) {
	f, d, err := s.upload(ctx, r.Ubigeo, r.Body, "file")
	if err != nil {
		return nil, err
	}
	defer f.close()
	rep, err := s.cfg.Importer.ImportTracks(ctx, d, f.files["file"], f.fields["dry_run"] == "true", auditRow(ctx, r.Ubigeo, "import.tracks", "", ""))
	if errors.Is(err, fleet.ErrConflict) {
		return nil, problem{fleet.ErrConflict, "Una orden legal retiene posiciones que este archivo cambiaría; no se cambió nada. Libérela primero en Conservación.", "file"}
	}
	if err != nil {
		return nil, err
	}
	return ImportTracks200JSONResponse(rep), nil
}

// DropTracks takes a file of tracks back.
func (s *server) DropTracks(ctx context.Context, r DropTracksRequestObject) (DropTracksResponseObject, error) {
	id, err := strconv.ParseInt(r.Id, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("file of tracks %q: %w", r.Id, fleet.ErrNotFound)
	}
	if err := s.cfg.Store.DropGuestFile(ctx, r.Ubigeo, id, auditRow(ctx, r.Ubigeo, "tracks.drop", r.Id, "")); errors.Is(err, fleet.ErrConflict) {
		return nil, problem{fleet.ErrConflict, "Una orden legal retiene posiciones de este archivo; libérela primero en Conservación.", "id"}
	} else if err != nil {
		return nil, err
	}
	return DropTracks204Response{}, nil
}
