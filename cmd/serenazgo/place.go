package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/hotspots"
)

// place is a flag's value "LON,LAT", in degrees; it may begin with a minus.
type place orb.Point

// Decode takes the next argument, whatever it looks like.
func (p *place) Decode(ctx *kong.DecodeContext) error {
	t := ctx.Scan.Pop()
	if t.IsEOL() {
		return errors.New("give a place as LON,LAT")
	}
	lon, lat, ok := strings.Cut(t.String(), ",")
	x, err1 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	y, err2 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	if !ok || err1 != nil || err2 != nil {
		return errors.New("write it as LON,LAT in degrees, such as -79.0062,-8.0635")
	}
	*p = place{x, y}
	return hotspots.CheckPoint(orb.Point(*p))
}
