package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/api/provision"
	"github.com/serenazgo/serenazgo/fleet"
)

const deviceIDText = "El código del equipo lleva letras, dígitos, punto, guion o guion bajo, hasta 64."

// Recent fixes that tell how a device's clock is.
const (
	clockWindow = 3 * 24 * time.Hour
	clockFixes  = 30
)

// GetDevices lists the trackers, those that nobody registered too.
func (s *server) GetDevices(ctx context.Context, r GetDevicesRequestObject) (GetDevicesResponseObject, error) {
	ds, err := s.cfg.Store.Devices(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	seen, err := s.cfg.Store.UnknownSeen(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	recent, err := s.cfg.Store.RecentFixes(ctx, r.Ubigeo, s.cfg.Now().Add(-clockWindow), clockFixes)
	if err != nil {
		return nil, err
	}
	byDevice := map[string][]fleet.Fix{}
	for _, f := range recent {
		byDevice[f.Device] = append(byDevice[f.Device], f)
	}
	out := GetDevices200JSONResponse{}
	for _, d := range ds {
		b := deviceBody(d)
		last := time.Time{}
		for _, f := range byDevice[d.ID] {
			if f.Received.After(last) {
				last = f.Received
			}
		}
		if off, ok := fleet.ClockOffset(byDevice[d.ID]); ok {
			b.ClockOffS = ptr(off.Seconds())
		}
		if n, ok := seen[d.ID]; ok {
			b.Positions, b.Claimable = &n.Fixes, &n.Unassigned
			last = n.Last
		}
		if !last.IsZero() {
			b.LastSeen = ptr(stamp(last))
		}
		out = append(out, b)
	}
	return out, nil
}

func deviceBody(d fleet.Device) Device {
	return Device{Id: d.ID, Name: d.Name, Unit: some(d.Unit), Identities: append([]string{}, d.Identities...), Gateway: d.Gateway,
		IntervalS: d.Interval.Seconds(), ClockFixS: d.ClockFix.Seconds(), Known: d.Known}
}

// device finds a device; a new one is returned as if registered just now.
func (s *server) device(ctx context.Context, ubigeo, id string) (d fleet.Device, there bool, err error) {
	if err := fleet.CheckDeviceID(id); err != nil {
		return d, false, invalid("id", deviceIDText)
	}
	ds, err := s.cfg.Store.Devices(ctx, ubigeo)
	if err != nil {
		return d, false, err
	}
	if i := slices.IndexFunc(ds, func(o fleet.Device) bool { return o.ID == id }); i >= 0 {
		d, there = ds[i], true
	} else {
		d = fleet.Device{Ubigeo: ubigeo, ID: id}
	}
	if d.Interval <= 0 {
		d.Interval = 10 * time.Second
	}
	return d, there, nil
}

// knownUnit fails if the district has no such unit; "" is none.
func (s *server) knownUnit(ctx context.Context, ubigeo, unit string) error {
	if unit == "" {
		return nil
	}
	us, err := s.cfg.Store.Units(ctx, ubigeo)
	if err == nil && !slices.ContainsFunc(us, func(u fleet.Unit) bool { return u.ID == unit }) {
		err = invalid("unit", "El distrito no tiene esa unidad.")
	}
	return err
}

// SaveDevice registers a device or changes it.
func (s *server) SaveDevice(ctx context.Context, r SaveDeviceRequestObject) (SaveDeviceResponseObject, error) {
	d, _, err := s.device(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	d.Known = true
	b := r.Body
	if b.Name != nil {
		d.Name = strings.TrimSpace(*b.Name)
	}
	if b.Unit != nil {
		d.Unit = *b.Unit
	}
	if b.Identities != nil {
		d.Identities = *b.Identities
	}
	if b.Gateway != nil {
		d.Gateway = *b.Gateway
	}
	if b.IntervalS != nil {
		d.Interval = seconds(*b.IntervalS)
	}
	if b.ClockFixS != nil {
		d.ClockFix = seconds(*b.ClockFixS)
	}
	for _, x := range d.Identities {
		if fleet.CheckIdentity(x) != nil {
			return nil, invalid("identities", fmt.Sprintf("La identidad «%s» no puede llevar espacios al borde ni signos invisibles.", x))
		}
	}
	if err := fleet.CheckDevice(d); err != nil {
		return nil, err
	}
	if err := s.knownUnit(ctx, r.Ubigeo, d.Unit); err != nil {
		return nil, err
	}
	if err := s.saveDevice(ctx, d, ""); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "device.save", d.ID, d.Unit); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return SaveDevice200JSONResponse(deviceBody(d)), nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// saveDevice saves a device; of an identity taken it says by whom.
func (s *server) saveDevice(ctx context.Context, d fleet.Device, hash string) error {
	err := s.cfg.Store.SaveDevice(ctx, d, hash)
	if !errors.Is(err, fleet.ErrConflict) {
		return err
	}
	ds, listErr := s.cfg.Store.Devices(ctx, d.Ubigeo)
	if listErr != nil {
		return err
	}
	for _, o := range ds {
		for _, x := range d.Identities {
			if o.ID != d.ID && slices.Contains(o.Identities, x) {
				return problem{fleet.ErrConflict, fmt.Sprintf("La identidad «%s» ya es del equipo %s.", x, o.ID), "identities"}
			}
		}
	}
	return err
}

// DeleteDevice takes a device out of the register and ends its connections.
func (s *server) DeleteDevice(ctx context.Context, r DeleteDeviceRequestObject) (DeleteDeviceResponseObject, error) {
	if err := s.cfg.Store.DeleteDevice(ctx, r.Ubigeo, r.Id); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "device.delete", r.Id, ""); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	s.cfg.Rekeyed(r.Ubigeo, r.Id)
	return DeleteDevice204Response{}, nil
}

// NewCredentials makes a device's password; it is shown once and kept nowhere.
func (s *server) NewCredentials(ctx context.Context, r NewCredentialsRequestObject) (NewCredentialsResponseObject, error) {
	d, _, err := s.device(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	d.Known = true
	if r.Body != nil {
		if r.Body.IntervalS != nil {
			d.Interval = seconds(*r.Body.IntervalS)
		}
		if r.Body.Unit != nil {
			d.Unit = *r.Body.Unit
		}
	}
	if err := fleet.CheckDevice(d); err != nil {
		return nil, err
	}
	if err := s.knownUnit(ctx, r.Ubigeo, d.Unit); err != nil {
		return nil, err
	}
	password, hash, err := fleet.NewDeviceSecret()
	if err != nil {
		return nil, err
	}
	if err := s.saveDevice(ctx, d, hash); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "device.credentials", d.ID, d.Unit); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	s.cfg.Rekeyed(r.Ubigeo, d.ID)
	out := NewCredentials200JSONResponse{Device: d.ID, Username: r.Ubigeo + "/" + d.ID, Password: password,
		Topic: "serenazgo/" + r.Ubigeo + "/" + d.ID + "/pos"}
	phone := provision.Phone{Server: s.address(ctx), Username: out.Username, Password: password, Interval: d.Interval}
	if link, err := phone.Link(); err == nil {
		if svg, err := provision.SVG(link); err == nil {
			out.Link, out.Qr, out.Query = &link, &svg, ptr(phone.Query())
		}
	}
	return out, nil
}

// address is how the caller reaches the service.
func (s *server) address(ctx context.Context) string {
	r := requestOf(ctx)
	scheme := "http"
	if r.TLS != nil || s.cfg.Secure || s.cfg.TrustProxy && r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// ClaimDevice gives a device, and its positions that are of no unit, to a unit.
func (s *server) ClaimDevice(ctx context.Context, r ClaimDeviceRequestObject) (ClaimDeviceResponseObject, error) {
	d, there, err := s.device(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, fleet.ErrNotFound
	}
	if err := s.knownUnit(ctx, r.Ubigeo, r.Body.Unit); err != nil {
		return nil, err
	}
	d.Unit, d.Known = r.Body.Unit, true
	if err := s.saveDevice(ctx, d, ""); err != nil {
		return nil, err
	}
	// From here on new positions are the unit's; what came before follows.
	s.cfg.Changed(ctx, r.Ubigeo)
	from := time.Unix(0, 0)
	if r.Body.From != nil {
		from = *r.Body.From
	}
	n, err := s.cfg.Store.ClaimFixes(ctx, r.Ubigeo, d.ID, d.Unit, from, s.cfg.Now().Add(fleet.FutureLimit))
	if err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "device.claim", d.ID, fmt.Sprintf("%s: %d", d.Unit, n)); err != nil {
		return nil, err
	}
	if n > 0 {
		s.cfg.Changed(ctx, r.Ubigeo)
	}
	return ClaimDevice200JSONResponse{Positions: n}, nil
}

// ImportDevices registers the devices of a table.
func (s *server) ImportDevices(ctx context.Context, r ImportDevicesRequestObject) (ImportDevicesResponseObject, error) {
	f, d, err := s.upload(ctx, r.Ubigeo, r.Body, "file")
	if err != nil {
		return nil, err
	}
	defer f.close()
	file, err := os.Open(f.files["file"].Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, bad, err := fleet.ReadDevices(file)
	if errors.Is(err, fleet.ErrInvalid) {
		return nil, invalid("file", "La tabla no se puede leer: guárdela como CSV UTF-8 con las columnas id, nombre, unidad, identidades e intervalo_s.")
	}
	if err != nil {
		return nil, err
	}
	dry := f.fields["dry_run"] == "true"
	done, err := fleet.ImportDevices(ctx, s.cfg.Store, d.Ubigeo, rows, bad, dry)
	if err != nil {
		return nil, err
	}
	report, err := json.Marshal(done)
	if err != nil {
		return nil, err
	}
	rep := ImportReport{DryRun: dry, Report: report, Message: fmt.Sprintf("%d equipos nuevos, %d cambiados, %d filas con problemas.", done.Added, done.Changed, len(done.Bad))}
	return ImportDevices200JSONResponse(rep), s.done(ctx, r.Ubigeo, "devices", f.files["file"], rep)
}

// GetTopicRules lists the district's rules.
func (s *server) GetTopicRules(ctx context.Context, r GetTopicRulesRequestObject) (GetTopicRulesResponseObject, error) {
	rules, err := s.cfg.Store.TopicRules(ctx, r.Ubigeo)
	return GetTopicRules200JSONResponse(append([]fleet.TopicRule{}, rules...)), err
}

// SaveTopicRule adds or replaces a rule.
func (s *server) SaveTopicRule(ctx context.Context, r SaveTopicRuleRequestObject) (SaveTopicRuleResponseObject, error) {
	rule := *r.Body
	rule.Ubigeo = r.Ubigeo
	if err := fleet.CheckTopicRule(rule); err != nil {
		return nil, invalid("pattern", "La regla no vale: "+strings.TrimPrefix(err.Error(), fleet.ErrInvalid.Error()+": "))
	}
	if err := s.cfg.Store.SaveTopicRule(ctx, rule); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "topic_rule.save", rule.Pattern, rule.Format); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return SaveTopicRule200JSONResponse(rule), nil
}

// DeleteTopicRule takes a rule away.
func (s *server) DeleteTopicRule(ctx context.Context, r DeleteTopicRuleRequestObject) (DeleteTopicRuleResponseObject, error) {
	if err := s.cfg.Store.DeleteTopicRule(ctx, r.Ubigeo, r.Params.Pattern); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "topic_rule.delete", r.Params.Pattern, ""); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return DeleteTopicRule204Response{}, nil
}
