package fleet

import "time"

// DeadLetter is a payload that could not be decoded. It is kept with its raw
// bytes and acknowledged, so that one bad device cannot block a broker.
type DeadLetter struct {
	ID       int64  // given by the store
	Ubigeo   string // "000000" where the topic does not tell
	Received time.Time
	Topic    string
	Client   string
	Code     LetterCode
	Reason   string // precise: which field, which value, what is expected
	Payload  []byte
}

// LetterCode tells in one word why a payload is a dead letter, for pages that
// have words of their own.
type LetterCode string

// The codes of dead letters.
const (
	LetterOther     LetterCode = ""          // kept before there were codes
	LetterNotJSON   LetterCode = "not_json"  // no text that a decoder reads, or empty
	LetterBinary    LetterCode = "binary"    // a binary protocol of the tracker is on
	LetterEncrypted LetterCode = "encrypted" // encryption of the payload is on
	LetterForm      LetterCode = "form"      // text of a kind that no decoder knows
	LetterValue     LetterCode = "value"     // a field is missing or holds what cannot be
	LetterSender    LetterCode = "sender"    // who it is of is not known, or may not say so
	LetterTooLarge  LetterCode = "too_large"
	LetterStore     LetterCode = "store" // the database refuses the position itself
)

// Replayed is what became of dead letters that were read anew.
type Replayed struct {
	Letters int            `json:"letters"` // looked at
	Decoded int            `json:"decoded"` // of these
	Fixes   int            `json:"fixes"`   // in them
	Stored  int            `json:"stored"`  // of these, not there before
	Left    map[string]int `json:"left"`    // reasons of those that stay
}
