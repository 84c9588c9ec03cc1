package review

import (
	"time"

	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/hotspots"
)

// counted is what brute force finds, minute by minute.
type counted struct {
	Alone, Double, Cells, CellsPolice, MaxGap, Patrol, Uptime, Nobody float64 // -1: no value
	Serenazgo                                                         float64
	PerShift, PerDay                                                  [4]float64 // of streets
	Map                                                               map[hotspots.Cell]Presence
}

// covered is the share of the streets that any of a set of forces covered, in percent.
func covered(s Streets, forces int) float64 {
	sum := 0.0
	for mask, metres := range s.By {
		if mask&forces != 0 {
			sum += float64(metres[0])
		}
	}
	return sum / 10
}

// countOut walks every minute of every cell.
func countOut(days []Day, shift string) counted {
	alone, judged, double, present, met, all, patrol := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	heard, duty := 0.0, 0.0
	longest, nobody, heardDays := -1.0, 0.0, 0.0 // nothing is known
	shifts, perForce := [3]float64{}, map[hotspots.Cell]*[3]float64{}
	metPolice, allPolice := 0.0, 0.0
	serenazgo, perShift, perDay := []float64{}, [4][]float64{}, [4][]float64{}
	sets := [4]int{1, 2, 4, 7}
	waiting := map[hotspots.Cell]float64{}
	police := false
	for _, d := range days {
		if !d.heard() { // nothing is known of it
			waiting = map[hotspots.Cell]float64{}
			continue
		}
		asked, own, ownAny, policeAny := 0.0, 0.0, false, false
		whole := d.Whole
		for _, s := range d.Shifts {
			if shift != "" && s.Code != shift {
				continue
			}
			if shift != "" {
				whole = s.Streets
			}
			asked++
			withPolice, withOwn := false, false
			for _, u := range s.Units {
				withPolice = withPolice || u.Force == coverage.Police
				withOwn = withOwn || u.Force != coverage.Police
			}
			ownAny, policeAny = ownAny || withOwn, policeAny || withPolice
			if withOwn {
				own++
				shifts[0]++
				longest = max(longest, 0)
				serenazgo = append(serenazgo, covered(s.Streets, 5))
			} else { // nothing is known of the municipality, nor of nobody
				waiting = map[hotspots.Cell]float64{}
			}
			if withPolice {
				shifts[1]++
			}
			for k, set := range sets {
				if k == 1 && withPolice || k != 1 && withOwn {
					perShift[k] = append(perShift[k], covered(s.Streets, set))
				}
			}
			for _, u := range s.Units {
				heard += (u.Duty - u.Silent).Minutes()
				duty += u.Duty.Minutes()
			}
			police = police || withPolice
			for c, cell := range d.Cells {
				here := func(m int, f coverage.Force) float64 {
					n := 0.0
					for _, x := range s.Stays {
						if int(x.Cell) == c && s.Units[x.Unit].Force == f && int(x.From) <= 600*m && 600*m < int(x.To) {
							n++
						}
					}
					return n
				}
				if perForce[cell] == nil {
					perForce[cell] = &[3]float64{}
				}
				seen, seenPolice := false, false
				slots := map[int64][]int{}
				for m := range minutes {
					n := here(m, coverage.Municipal) + here(m, coverage.Police) + here(m, coverage.Integrated)
					patrol += n
					for f := range 3 {
						perForce[cell][f] += here(m, coverage.Force(f))
					}
					seenPolice = seenPolice || here(m, coverage.Police) > 0
					switch {
					case !withOwn:
					case n > 0:
						seen, waiting[cell] = true, 0
					default:
						nobody++
						waiting[cell]++
						longest = max(longest, waiting[cell])
					}
					slots[s.Start.Add(time.Duration(m)*time.Minute).Unix()/DefaultTerms().SlotSeconds()] = append(slots[s.Start.Add(time.Duration(m)*time.Minute).Unix()/DefaultTerms().SlotSeconds()], m)
				}
				if withOwn {
					all++
				}
				if seen {
					met++
				}
				if withPolice {
					allPolice++
				}
				if seenPolice {
					metPolice++
				}
				for _, ms := range slots {
					sums := [3]float64{}
					for _, m := range ms {
						for f := range sums {
							sums[f] += here(m, coverage.Force(f))
						}
					}
					if !withPolice || !withOwn {
						continue
					}
					there := sums[1]+sums[2] > 0
					quiet := false
					for _, u := range s.Units {
						for _, w := range u.Silences {
							quiet = quiet || u.Force == coverage.Police && int(w.From) <= 600*ms[0] && 600*(ms[len(ms)-1]+1) <= int(w.To)
						}
					}
					if there || !quiet {
						if sums[0]+sums[1]+sums[2] > 0 {
							present++
						}
						if sums[0] > 0 && sums[1] > 0 {
							double++
						}
						judged += sums[0]
						if !there {
							alone += sums[0]
						}
					}
				}
			}
		}
		heardDays += own / asked
		for k, set := range sets {
			if k == 1 && policeAny || k != 1 && ownAny {
				perDay[k] = append(perDay[k], covered(whole, set))
			}
		}
	}
	pct := func(a, b float64) float64 {
		if b == 0 {
			return -1
		}
		return 100 * a / b
	}
	mean := func(of []float64) float64 {
		sum := 0.0
		for _, v := range of {
			sum += v
		}
		return pct(sum, 100*float64(len(of)))
	}
	out := counted{Alone: -1, Double: -1, Cells: pct(met, all), CellsPolice: pct(metPolice, allPolice), MaxGap: longest, Patrol: patrol, Uptime: pct(heard, duty), Nobody: -1,
		Serenazgo: mean(serenazgo), Map: map[hotspots.Cell]Presence{}}
	if heardDays > 0 {
		out.Nobody = nobody / 60 / heardDays / float64(len(perForce))
	}
	for k := range sets {
		out.PerShift[k], out.PerDay[k] = mean(perShift[k]), mean(perDay[k])
	}
	for cell, f := range perForce {
		a, p, both := f[0] > 0 && f[0] >= shifts[0], f[1] > 0 && f[1] >= shifts[1], f[2] > 0 && f[2] >= shifts[0]
		switch {
		case both || a && p:
			out.Map[cell] = BothForces
		case a:
			out.Map[cell] = OnlyMunicipal
		case p:
			out.Map[cell] = OnlyPolice
		default:
			out.Map[cell] = Nobody
		}
	}
	if police {
		out.Alone, out.Double = pct(alone, judged), pct(double, present)
	}
	return out
}
