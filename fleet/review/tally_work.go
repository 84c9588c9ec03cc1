package review

import (
	"time"

	"github.com/serenazgo/serenazgo/fleet/coverage"
)

// seenToday tells as which force a vehicle was heard on a day, and as which while
// priority areas were in force: sets with a bit a force.
type seenToday struct{ forces, areas uint8 }

// done is what a unit had to do and did in a shift where it is reviewed.
type done struct {
	km, patrol, hours float64 // minutes of patrol
	priority          time.Duration
	asked, done       float64
	stops, made       int
}

// doneBy gives what a unit did in the whole district, or in the sector: what
// stands in its places, and of kilometres and hours the part of its patrol time
// that it spent there. False: it was not there and had nothing to do there.
func (t *tally) doneBy(u *Unit, inside, all float64) (d done, ok bool) {
	hours := (u.Duty - u.Silent).Hours()
	if t.in == nil {
		return done{u.Metres / 1000, inside / 60, hours, u.Priority, u.Asked, u.Done, u.Stops, u.Made}, true
	}
	if inside > 0 {
		share := inside / all
		d.km, d.patrol, d.hours = u.Metres/1000*share, inside/60, hours*share
	}
	for _, p := range u.Parts {
		if t.in(t.places[p.Place]) {
			d.priority += p.Priority
			d.asked, d.done = d.asked+float64(p.Asked), d.done+float64(p.Done)
			d.stops, d.made = d.stops+p.Stops, d.made+p.Made
		}
	}
	return d, d != done{}
}

// work adds what units did.
func (t *tally) work(s *Shift, cells []*cellTally, h heard, code *codeTally) {
	inside, all := make([]float64, len(s.Units)), make([]float64, len(s.Units))
	for _, x := range s.Stays {
		took := float64(x.To-x.From) / 10
		all[x.Unit] += took
		if cells[x.Cell] != nil {
			inside[x.Unit] += took
		}
	}
	for i := range s.Units {
		u := &s.Units[i]
		d, ok := t.doneBy(u, inside[i], all[i])
		if !ok {
			continue
		}
		f := u.Force
		t.units[u.ID] = true
		t.fixes += u.Fixes
		t.silent += u.Silent
		t.km[f].add(d.km)
		t.patrol[f].add(d.patrol)
		*[...]*float64{&code.row.Municipal, &code.row.Police, &code.row.Integrated}[f] += d.patrol
		if u.Duty > 0 {
			t.uptime[f].of += (u.Duty - u.Silent).Seconds()
			t.uptime[f].whole += u.Duty.Seconds()
			t.uptime[f].n++
			if f == coverage.Integrated {
				t.integrated.add(d.hours)
			}
		}
		t.late[f].of += float64(u.Late)
		t.late[f].whole += float64(u.Fixes)
		t.late[f].n += u.Fixes
		areas := s.Areas > 0 || u.Priority > 0
		if areas {
			t.priority[f].add(d.priority.Minutes())
		}
		t.vehicle(u, d, areas)
		t.stops[f] += d.stops
		t.made[f] += d.made
		if u.HasRound && (t.in == nil || d.asked > 0) {
			t.asked[f].of += d.done
			t.asked[f].whole += d.asked
			t.asked[f].n++
		}
	}
	if !h.own {
		return
	}
	if s.Planned {
		t.planned++
	}
	if t.in == nil {
		t.registered(s)
	}
}

// vehicle adds what a car or motorcycle did to its day.
func (t *tally) vehicle(u *Unit, d done, areas bool) {
	if !u.Vehicle {
		return
	}
	seen := t.today[u.ID]
	seen.forces |= 1 << u.Force
	if areas {
		seen.areas |= 1 << u.Force
	}
	t.today[u.ID] = seen
	for _, k := range [...]int{int(u.Force), together} {
		t.vehicles[k][u.ID] = true
		t.vehicleKm[k] += d.km
		if areas {
			t.areaMinutes[k] += d.priority.Minutes()
		}
	}
}

// together is the index of both forces, after those of each.
const together = 3

// closeToday counts the vehicles of the day that was added.
func (t *tally) closeToday() {
	var any uint8
	for _, seen := range t.today {
		any |= seen.forces
		for k := range together {
			t.vehicleDays[k] += int(seen.forces >> k & 1)
			t.areaDays[k] += int(seen.areas >> k & 1)
		}
		t.vehicleDays[together]++
		if seen.areas != 0 {
			t.areaDays[together]++
		}
	}
	for k := range together {
		t.forceDays[k] += int(any >> k & 1)
	}
	if any != 0 {
		t.forceDays[together]++
	}
}

// registered adds the register of a shift. Days that were kept in format 1 do not
// say it of each force.
func (t *tally) registered(s *Shift) {
	ready, all := s.Ready, s.Registered
	if any := s.Register[0].all() + s.Register[1].all() + s.Register[2].all(); any > 0 {
		ready, all = 0, any
		for f, r := range s.Register {
			t.readyBy[f].of += float64(r.Operational)
			t.readyBy[f].whole += float64(r.all())
			t.readyBy[f].n += r.all()
			ready += r.Operational
			t.register.Workshop += r.Workshop
			t.register.NoFuel += r.NoFuel
			t.register.Retired += r.Retired
		}
		t.register.Units += all
		t.register.Operational += ready
	}
	if all > 0 {
		t.ready.of += float64(ready)
		t.ready.whole += float64(all)
		t.ready.n += all
	}
}
