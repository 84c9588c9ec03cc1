package match

import "github.com/paulmach/orb"

// collapse puts the fixes of each stop into one place, their middle, with a
// speed of 0: a stop is Config.StopLeast or longer within Config.StopRadius of
// the middle of all its fixes. Standing, a receiver's error wanders, between
// houses through whole streets; none of that is a drive. Times stay. The given
// fixes are not changed.
func collapse(fixes []Fix, c *Config) []Fix {
	if c.StopLeast <= 0 {
		return fixes
	}
	var out []Fix // a copy, once there is a stop
	for i := 0; i < len(fixes); {
		n, middle := stay(fixes[i:], c)
		if n == 1 || fixes[i+n-1].Time.Sub(fixes[i].Time) < c.StopLeast {
			i++
			continue
		}
		if out == nil {
			out = append(out, fixes...)
		}
		for k := i; k < i+n; k++ {
			out[k].Point, out[k].Speed = middle, 0
		}
		i += n
	}
	if out == nil {
		return fixes
	}
	return out
}

// stay gives how many fixes, from the first on, lie within the radius of a stop
// around the middle of those before them, and the middle of all; a fix that is
// silent for longer than a standing unit may be ends it.
func stay(fixes []Fix, c *Config) (n int, middle orb.Point) {
	for _, f := range fixes {
		if n > 0 && (distance(middle, f.Point) > c.StopRadius || f.Time.Sub(fixes[n-1].Time) > c.StandGap) {
			break
		}
		n++
		for i := range middle {
			middle[i] += (f.Point[i] - middle[i]) / float64(n)
		}
	}
	return n, middle
}
