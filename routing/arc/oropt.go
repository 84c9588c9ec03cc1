package arc

// longestString is how many tasks in a row orOpt and cross move at most.
const longestString = 3

// orOpt puts a string of two or three tasks behind or before another task, in
// order or backwards (Or 1976).
func orOpt(l *descent, t, u place) bool {
	for n := 2; n <= longestString; n++ {
		if shift(l, t, u, n) {
			return true
		}
	}
	return false
}
