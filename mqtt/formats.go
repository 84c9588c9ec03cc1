package mqtt

import "github.com/serenazgo/serenazgo/fleet"

// byShape are all decoders in the order in which they are asked whether a
// payload is theirs; the last one takes anything and says what is wrong with it.
var byShape = []Decoder{GeoJSON{}, OwnTracks{}, Meshtastic{}, Traccar{}, OsmAnd{}, Teltonika{}, Flespi{}, ThingsBoard{}, Native{}}

// decodersOf gives the decoders of a format that a rule names.
func decodersOf(format string) []Decoder {
	if format == fleet.FormatAuto {
		return byShape
	}
	for _, d := range byShape {
		if d.Name() == format {
			return []Decoder{d}
		}
	}
	return nil
}

// read chooses a decoder and has it read the payload.
func read(decoders []Decoder, payload []byte) (d Decoded, decoder string) {
	if last := decoders[len(decoders)-1]; last == Decoder(Native{}) {
		if d, ok := quickNative(payload); ok {
			return d, last.Name()
		}
	}
	dec := choose(decoders, payload)
	return dec.Decode(payload), dec.Name()
}

// choose gives the decoder of a payload.
func choose(decoders []Decoder, payload []byte) Decoder {
	last := decoders[len(decoders)-1]
	if len(decoders) == 1 {
		return last
	}
	s := shapeOf(payload)
	for _, d := range decoders {
		if d.Fits(s) {
			return d
		}
	}
	return last
}
