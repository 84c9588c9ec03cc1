package patrol

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
)

// Seed draws the seed of a shift's plan from a district's secret: who does not
// know the secret cannot guess where units will pass, and who audits with it
// finds the same seed again. version is the plan's, 1.. within the shift.
// The seed is between 1 and 2⁵³, so that it survives JSON.
func Seed(secret []byte, ubigeo string, shift fleet.ShiftID, version int) int64 {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s|%s|%d", ubigeo, shift, version)
	return int64(binary.BigEndian.Uint64(mac.Sum(nil))>>11) + 1
}
