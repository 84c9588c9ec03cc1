package arc

// drafts is how many drives construct cuts into routes, fewer for many tasks.
const drafts = 10

// construct gives routes to begin with, the best of a few drives through all
// tasks cut into routes; none where the units differ or not all tasks must be
// done, which inserting one task after the other handles.
func construct(m *model, d *dice) Plan {
	var best Plan
	for _, t := range m.p.Tasks {
		if t.Skip > 0 || t.Units != 0 {
			return best
		}
	}
	if len(m.units) != 1 || len(m.ends) == 0 {
		return best
	}
	scan := newPathScan(m, d)
	for i := range max(2, drafts-len(m.ends)/500) {
		capacity := m.p.Units[0].Capacity
		if i%2 == 1 {
			capacity = 0
		}
		routes := m.split(scan.tour(capacity))
		if c := m.p.Units[0].Count; routes == nil || c > 0 && len(routes) > c {
			continue
		}
		var plan Plan
		for _, r := range routes {
			plan.Routes = append(plan.Routes, Route{Tasks: append([]int32(nil), r...)})
		}
		p := newPlan(m)
		if err := p.take(plan); err != nil {
			continue // no way between two of its tasks
		}
		plan.Total, plan.Longest = p.figures()
		if better := plan.Total < best.Total; best.Routes == nil || m.p.Objective == Total && better ||
			m.p.Objective == Longest && (plan.Longest < best.Longest || plan.Longest == best.Longest && better) {
			best = plan
		}
	}
	return best
}
