package osm

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Limits of the file format, from the OpenStreetMap wiki page "PBF Format".
const (
	maxBlobHeader = 64 << 10
	maxBlob       = 32 << 20
)

// pbfFeatures are the required features that this reader understands.
var pbfFeatures = map[string]bool{"OsmSchema-V0.6": true, "DenseNodes": true, "HistoricalInformation": true}

// readPBF passes over a .osm.pbf file and hands the elements that v asks for
// to it. It holds one block in memory at a time.
//
// The file format is read here rather than by paulmach/osm/osmpbf, whose
// decoders trust the bytes and panic on their own goroutines, out of reach of
// recover: an upload must not be able to stop the service.
func readPBF(ctx context.Context, r io.Reader, v *collector) error {
	br := bufio.NewReaderSize(r, 1<<16)
	var dec blockDecoder
	var blob, raw bytes.Buffer
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		kind, err := readBlob(br, &blob)
		if err == io.EOF && n > 1 {
			return nil
		}
		if err != nil {
			return inBlock(n, noEOF(err))
		}
		switch {
		case n == 1 && kind != "OSMHeader":
			return inBlock(n, fmt.Errorf("begins with %q instead of a header", kind))
		case kind == "OSMHeader" || kind == "OSMData":
		default:
			continue // blocks of unknown types are to be ignored
		}
		data, err := inflate(blob.Bytes(), &raw)
		if err != nil {
			return inBlock(n, err)
		}
		if kind == "OSMHeader" {
			err = checkHeader(data)
		} else {
			err = dec.decode(data, v)
		}
		if err != nil {
			return inBlock(n, err)
		}
	}
}

func inBlock(n int, err error) error { return fmt.Errorf("block %d: %w", n, err) }

// noEOF turns an end in the middle into what it is.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readBlob reads the next block's type and its still compressed bytes. It
// gives io.EOF only at a clean end.
func readBlob(r io.Reader, blob *bytes.Buffer) (string, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return "", err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n == 0 || n > maxBlobHeader {
		return "", fmt.Errorf("block header of %d bytes: %w", n, errWire)
	}
	head := make([]byte, n)
	if _, err := io.ReadFull(r, head); err != nil {
		return "", noEOF(err)
	}
	var kind string
	var datasize uint64
	w := wire{b: head}
	for w.more() {
		switch num, k := w.field(); {
		case num == 1 && w.want(k, wireBytes):
			kind = string(w.bytes())
		case num == 3 && w.want(k, wireVarint):
			datasize = w.varint()
		default:
			w.skip(k)
		}
	}
	if w.err != nil {
		return "", w.err
	}
	if datasize > maxBlob {
		return "", fmt.Errorf("block of %d bytes: %w", datasize, errWire)
	}
	blob.Reset()
	if _, err := io.CopyN(blob, r, int64(datasize)); err != nil {
		return "", noEOF(err)
	}
	return kind, nil
}

// inflate unpacks a blob. The result is good until the next call.
func inflate(blob []byte, buf *bytes.Buffer) ([]byte, error) {
	var raw, packed []byte
	var size uint64
	hasRaw := false
	other := ""
	w := wire{b: blob}
	for w.more() {
		switch num, k := w.field(); {
		case num == 1 && w.want(k, wireBytes):
			raw, hasRaw = w.bytes(), true
		case num == 2 && w.want(k, wireVarint):
			size = w.varint()
		case num == 3 && w.want(k, wireBytes):
			packed = w.bytes()
		default:
			if names := map[int]string{4: "LZMA", 5: "bzip2", 6: "LZ4", 7: "Zstandard"}; names[num] != "" {
				other = names[num]
			}
			w.skip(k)
		}
	}
	switch {
	case w.err != nil:
		return nil, w.err
	case hasRaw:
		return raw, nil
	case packed == nil && other != "":
		return nil, fmt.Errorf("packed with %s: %w", other, errPacking)
	case packed == nil:
		return nil, fmt.Errorf("block without data: %w", errWire)
	case size > maxBlob:
		return nil, fmt.Errorf("block of %d bytes: %w", size, errWire)
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	buf.Reset()
	if _, err := io.Copy(buf, io.LimitReader(z, int64(size)+1)); err != nil {
		return nil, err
	}
	if uint64(buf.Len()) != size {
		return nil, fmt.Errorf("block unpacks to %d bytes instead of %d: %w", buf.Len(), size, errWire)
	}
	return buf.Bytes(), nil
}

// errPacking is a compression that the standard library does not have.
var errPacking = errors.New(`repack it with "osmium cat IN -o OUT.osm.pbf"`)

// checkHeader refuses files that need more than this reader knows.
func checkHeader(data []byte) error {
	w := wire{b: data}
	for w.more() {
		num, k := w.field()
		if num == 4 && w.want(k, wireBytes) {
			if f := string(w.bytes()); !pbfFeatures[f] && w.err == nil {
				return fmt.Errorf("needs the feature %q, which is not supported", f)
			}
			continue
		}
		w.skip(k)
	}
	return w.err
}
