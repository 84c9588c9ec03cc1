package fleet

import "time"

// newestOf picks the track with the newest fix; without any fix, the one heard
// last. Devices that tie are taken by name, so that the answer does not depend
// on the order in which they reported.
func newestOf(tracks []*track) *track {
	var best *track
	for _, tr := range tracks {
		if best == nil || tr.newer(best) {
			best = tr
		}
	}
	return best
}

func (tr *track) newer(o *track) bool {
	a, aok := tr.newest()
	b, bok := o.newest()
	switch {
	case aok != bok:
		return aok
	case aok:
		if c := compareFixes(a, b); c != 0 {
			return c > 0
		}
	case !tr.heard.Equal(o.heard):
		return tr.heard.After(o.heard)
	}
	return tr.device.device < o.device.device
}

// state computes the state under a key.
func (t *Tracker) state(k unitKey, now time.Time) UnitState {
	r := t.rosters[k.ubigeo]
	u := r.units[k.unit]
	s := UnitState{Ubigeo: k.ubigeo, Unit: k.unit, Device: k.device, CallSign: u.CallSign, Mode: u.Mode, Link: LinkOffline}
	best := newestOf(t.members[k])
	if best == nil {
		s.Device = u.Device
		return s
	}
	s.Device = best.device.device
	for _, tr := range t.members[k] {
		if tr.heard.After(s.Heard) {
			s.Heard = tr.heard
		}
	}
	interval := r.interval[s.Device]
	if interval <= 0 {
		interval = t.cfg.DefaultInterval
	}
	staleAfter := max(time.Duration(t.cfg.StaleFactor*float64(interval)), t.cfg.StaleMin)
	s.Fix, s.HasFix = best.newest()
	s.Link, s.LinkSince = t.link(best, s, staleAfter, now)
	s.Motion, s.MotionSince = best.motion(t.bands(u.Mode))
	return s
}

// link tells how well the unit is heard at now. A device whose own interval is
// longer than 200 s is not called offline before it is stale. One that was
// silent for little more than it may be is stale until its second fix in a row,
// so that a device that reports too seldom does not change its state with every
// fix.
func (t *Tracker) link(tr *track, s UnitState, staleAfter time.Duration, now time.Time) (Link, time.Time) {
	if now.Sub(s.Heard) > max(t.cfg.OfflineAfter, staleAfter) {
		return LinkOffline, s.Heard
	}
	if !s.HasFix {
		return LinkStale, s.Heard
	}
	if at := countsAt(s.Fix); now.Sub(at) > staleAfter {
		return LinkStale, at
	}
	if pause := tr.pauseBefore(staleAfter); pause > staleAfter && pause <= min(2*staleAfter, t.cfg.OfflineAfter) {
		return LinkStale, countsAt(s.Fix)
	}
	return LinkOnline, tr.onlineSince(staleAfter)
}
