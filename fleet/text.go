package fleet

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckLine refuses a text that is not one line of valid UTF-8: one with a
// control character, such as NUL, tab or a line break. what names the text in
// the error. Its length is for those who know the limit.
func CheckLine(what, s string) error {
	if i := strings.IndexFunc(s, unicode.IsControl); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return fmt.Errorf("%w: %s has the control character %U; write it in one line of plain text", ErrInvalid, what, r)
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("%w: %s is not valid UTF-8", ErrInvalid, what)
	}
	return nil
}
