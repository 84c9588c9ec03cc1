package osm

import (
	"fmt"

	"github.com/paulmach/osm"
)

// blockDecoder decodes one block of a .osm.pbf file (PrimitiveBlock). It keeps
// its memory from block to block.
type blockDecoder struct {
	strings     []string
	granularity int64 // nanodegrees a unit
	latOffset   int64
	lonOffset   int64
	groups      []wire
	tags        osm.Tags
}

// decode hands the elements of the block to v.
func (d *blockDecoder) decode(data []byte, v *collector) error {
	d.strings, d.groups = d.strings[:0], d.groups[:0]
	d.granularity, d.latOffset, d.lonOffset = 100, 0, 0
	w := wire{b: data}
	for w.more() {
		switch num, k := w.field(); {
		case num == 1 && w.want(k, wireBytes):
			d.stringTable(w.message())
		case num == 2 && w.want(k, wireBytes):
			d.groups = append(d.groups, w.message())
		case num == 17 && w.want(k, wireVarint):
			d.granularity = int64(int32(w.varint()))
		case num == 19 && w.want(k, wireVarint):
			d.latOffset = int64(w.varint())
		case num == 20 && w.want(k, wireVarint):
			d.lonOffset = int64(w.varint())
		default:
			w.skip(k)
		}
	}
	if w.err != nil {
		return w.err
	}
	for _, g := range d.groups {
		if err := d.group(g, v); err != nil {
			return err
		}
	}
	return nil
}

func (d *blockDecoder) stringTable(w wire) {
	for w.more() {
		num, k := w.field()
		if num == 1 && k == wireBytes {
			d.strings = append(d.strings, string(w.bytes()))
			continue
		}
		w.skip(k)
	}
}

func (d *blockDecoder) group(w wire, v *collector) error {
	want := v.want
	for w.more() {
		num, k := w.field()
		if k != wireBytes {
			w.skip(k)
			continue
		}
		m := w.message()
		if w.err != nil {
			break
		}
		var err error
		switch {
		case num == 1 && want.nodes:
			err = d.node(m, v)
		case num == 2 && want.nodes:
			err = d.denseNodes(m, v)
		case num == 3 && want.ways:
			err = d.way(m, v)
		case num == 4 && want.relations:
			err = d.relation(m, v)
		}
		if err != nil {
			return err
		}
	}
	return w.err
}

// text gives a string of the block's table.
func (d *blockDecoder) text(i uint64) (string, error) {
	if i >= uint64(len(d.strings)) {
		return "", fmt.Errorf("string %d of %d: %w", i, len(d.strings), errWire)
	}
	return d.strings[i], nil
}

// degrees scales a coordinate. Rounding to 1e-7, the map's own precision,
// makes equal places equal whatever the granularity.
func (d *blockDecoder) degrees(offset, v int64) float64 {
	return round7(float64(offset+d.granularity*v) * 1e-9)
}

// node decodes a single node (rare: nearly all writers use dense nodes).
func (d *blockDecoder) node(w wire, v *collector) error {
	var id, lat, lon int64
	var keys, vals wire
	for w.more() {
		switch num, k := w.field(); {
		case num == 1 && w.want(k, wireVarint):
			id = w.zigzag()
		case num == 2 && w.want(k, wireBytes):
			keys = w.message()
		case num == 3 && w.want(k, wireBytes):
			vals = w.message()
		case num == 8 && w.want(k, wireVarint):
			lat = w.zigzag()
		case num == 9 && w.want(k, wireVarint):
			lon = w.zigzag()
		default:
			w.skip(k)
		}
	}
	if w.err != nil {
		return w.err
	}
	tags, err := d.parallelTags(keys, vals)
	if err != nil {
		return err
	}
	return v.node(id, d.degrees(d.lonOffset, lon), d.degrees(d.latOffset, lat), tags)
}

func (d *blockDecoder) denseNodes(w wire, v *collector) error {
	var ids, lats, lons, tags wire
	for w.more() {
		num, k := w.field()
		if k != wireBytes {
			w.skip(k)
			continue
		}
		m := w.message()
		switch num {
		case 1:
			ids = m
		case 8:
			lats = m
		case 9:
			lons = m
		case 10:
			tags = m
		}
	}
	if w.err != nil {
		return w.err
	}
	var id, lat, lon int64
	for ids.more() {
		id += ids.zigzag()
		lat += lats.zigzag()
		lon += lons.zigzag()
		d.tags = d.tags[:0]
		for tags.more() {
			k := tags.varint()
			if k == 0 {
				break
			}
			key, err := d.text(k)
			if err != nil {
				return err
			}
			val, err := d.text(tags.varint())
			if err != nil {
				return err
			}
			d.tags = append(d.tags, osm.Tag{Key: key, Value: val})
		}
		if lats.err != nil || lons.err != nil || tags.err != nil {
			return errWire
		}
		if err := v.node(id, d.degrees(d.lonOffset, lon), d.degrees(d.latOffset, lat), d.tags); err != nil {
			return err
		}
	}
	return ids.err
}

// parallelTags decodes two packed lists of string numbers. The tags are good
// until the next call.
func (d *blockDecoder) parallelTags(keys, vals wire) (osm.Tags, error) {
	d.tags = d.tags[:0]
	for keys.more() {
		key, err := d.text(keys.varint())
		if err != nil {
			return nil, err
		}
		val, err := d.text(vals.varint())
		if err != nil {
			return nil, err
		}
		d.tags = append(d.tags, osm.Tag{Key: key, Value: val})
	}
	if keys.err != nil || vals.err != nil {
		return nil, errWire
	}
	return d.tags, nil
}

func (d *blockDecoder) way(w wire, v *collector) error {
	var id int64
	var keys, vals, refs wire
	for w.more() {
		switch num, k := w.field(); {
		case num == 1 && w.want(k, wireVarint):
			id = int64(w.varint())
		case num == 2 && w.want(k, wireBytes):
			keys = w.message()
		case num == 3 && w.want(k, wireBytes):
			vals = w.message()
		case num == 8 && w.want(k, wireBytes):
			refs = w.message()
		default:
			w.skip(k)
		}
	}
	if w.err != nil {
		return w.err
	}
	tags, err := d.parallelTags(keys, vals)
	if err != nil {
		return err
	}
	if !v.wantsWay(id, tags) {
		return nil
	}
	var nodes []int64
	var ref int64
	for refs.more() {
		ref += refs.zigzag()
		nodes = append(nodes, ref)
	}
	if refs.err != nil {
		return refs.err
	}
	return v.way(id, tags, nodes)
}

func (d *blockDecoder) relation(w wire, v *collector) error {
	var id int64
	var keys, vals, roles, refs, kinds wire
	for w.more() {
		num, k := w.field()
		if num == 1 && w.want(k, wireVarint) {
			id = int64(w.varint())
			continue
		}
		if k != wireBytes {
			w.skip(k)
			continue
		}
		m := w.message()
		switch num {
		case 2:
			keys = m
		case 3:
			vals = m
		case 8:
			roles = m
		case 9:
			refs = m
		case 10:
			kinds = m
		}
	}
	if w.err != nil {
		return w.err
	}
	tags, err := d.parallelTags(keys, vals)
	if err != nil {
		return err
	}
	if !v.wantsRelation(id, tags) {
		return nil
	}
	var members []member
	var ref int64
	for refs.more() {
		ref += refs.zigzag()
		role, err := d.text(roles.varint())
		if err != nil {
			return err
		}
		m := member{ref: ref, role: role}
		switch kinds.varint() {
		case 0:
			m.kind = osm.TypeNode
		case 1:
			m.kind = osm.TypeWay
		case 2:
			m.kind = osm.TypeRelation
		default:
			return errWire
		}
		members = append(members, m)
	}
	if refs.err != nil || roles.err != nil || kinds.err != nil {
		return errWire
	}
	return v.addRelation(id, tags, members)
}
