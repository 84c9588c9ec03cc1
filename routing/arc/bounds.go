package arc

// FarthestBound gives a bound on the longest route: some unit has to go to the
// farthest task that must be done, do it and come back.
func FarthestBound(p *Problem) (int64, error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	bound := 0.0
	for i, t := range p.Tasks {
		if t.Skip > 0 {
			continue
		}
		least := float64(must)
		for k, u := range p.Units {
			if t.Units != 0 && t.Units>>k&1 == 0 {
				continue
			}
			rate := u.Rate
			if rate == 0 {
				rate = 1
			}
			for _, w := range p.Tasks[i].Ways {
				raw := int64(p.Distances.At(u.Start, w.From)) + int64(w.Cost) + int64(p.Distances.At(w.To, u.End))
				least = min(least, float64(raw)*rate+float64(u.Fixed))
			}
		}
		bound = max(bound, least)
	}
	return int64(bound), nil
}
