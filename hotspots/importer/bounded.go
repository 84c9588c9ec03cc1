package importer

// maxText bounds a file as text, in bytes: what of a packed one counts is how
// much it unpacks to, so that a small file cannot fill the memory.
const maxText = 512 << 20

// Bounds of what is held at once.
const (
	// maxElement is how long, in bytes of text, a row of a sheet, a text of a
	// workbook or a feature of GeoJSON may be.
	maxElement = 1 << 20
	// maxPeeked is how much text is held to find out what the columns hold.
	maxPeeked = 8 << 20
)

// tooLarge is the error of a file that says more than is held.
func tooLarge(name string, err error) error {
	return wrong(TooLarge, []any{maxText >> 20}, "%w: %s is too large (%w): import it in parts", ErrFormat, name, err)
}
