package importer

import (
	"io"
	"runtime"
	"sync"

	"github.com/serenazgo/serenazgo/hotspots"
)

// batchRows is how many rows go from hand to hand at once, fewer if they are long:
// batchText bytes.
const (
	batchRows = 1024
	batchText = 256 << 10
)

// batch is some rows on their way: split off the file, parsed, taken.
type batch struct {
	recs []record
	ins  []hotspots.Incident // of each row
	out  []parsed
	err  error // what ended the file after these rows; io.EOF at its end
	done chan struct{}
}

// read goes through the rows. One goroutine splits the file into rows, some
// parse them, and the results are taken here in the order of the file, so that
// they do not depend on how many hands there are.
func (im *reader) read() error {
	hands := max(1, runtime.GOMAXPROCS(0))
	work, order, spare := make(chan *batch, hands), make(chan *batch, 4*hands), make(chan *batch, 8*hands)
	quit := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(work)
		defer close(order)
		for {
			var b *batch
			select {
			case b = <-spare:
			default:
				b = &batch{}
			}
			im.fill(b)
			select {
			case order <- b:
			case <-quit:
				return
			}
			select {
			case work <- b:
			case <-quit:
				return
			}
			if b.err != nil {
				return
			}
		}
	})
	for range hands {
		wg.Go(func() {
			rp := newRowParser(im)
			for b := range work {
				rp.batch(b)
				close(b.done)
			}
		})
	}
	err := im.gather(order, spare)
	close(quit)
	for range order { // until the splitter has stopped
	}
	wg.Wait()
	return err
}

// gather takes the rows of the batches, which can be filled again.
func (im *reader) gather(order <-chan *batch, spare chan<- *batch) error {
	for b := range order {
		<-b.done
		if err := im.take(b); err != nil {
			return err
		}
		if b.err != nil && b.err != io.EOF {
			return b.err
		}
		select {
		case spare <- b:
		default:
		}
	}
	return nil
}

// fill splits the next rows off the file, those looked at before first.
func (im *reader) fill(b *batch) {
	b.done, b.err = make(chan struct{}), nil
	n := min(batchRows, len(im.peeked))
	b.recs, im.peeked = append(b.recs[:0], im.peeked[:n]...), im.peeked[n:]
	for text := 0; len(b.recs) < batchRows && text < batchText; {
		rec, err := im.table.next()
		if err != nil {
			b.err = err
			break
		}
		text += len(rec.raw)
		b.recs = append(b.recs, rec)
	}
}
