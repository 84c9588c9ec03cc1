package patrol

// ToPrint chooses, of the versions of a shift's plan that may be seen, the one
// that is in force, else the newest; false: there is none.
func ToPrint(heads []Plan, sees func(Plan) bool) (best Plan, ok bool) {
	for _, h := range heads {
		if !sees(h) {
			continue
		}
		if !ok || h.State == Published || best.State != Published && h.Version > best.Version {
			best, ok = h, true
		}
	}
	return best, ok
}
