package event

import (
	"crypto/rand"
	"encoding/hex"
)

// DeliveryHeader is the header in which the Hub sends the id of a delivery, see
// [Event.DeliveryID].
const DeliveryHeader = "Webhook-Id"

// NewDeliveryID returns a Webhook-Id that no other delivery has: 24 hexadecimal digits, as
// the Hub's are. The time at the beginning of those lies far ahead in this one, so that
// [Event.SentAt] never takes it for a delivery that was made then.
func NewDeliveryID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	b[0] |= 0x80
	return hex.EncodeToString(b[:])
}
