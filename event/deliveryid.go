package event

import (
	"crypto/rand"
	"encoding/hex"
)

// DeliveryHeader is the header in which the Hub sends the id of a delivery, see
// [Event.DeliveryID].
const DeliveryHeader = "Webhook-Id"

// NewDeliveryID returns a new, unique Webhook-Id: 24 hexadecimal digits, like the Hub's. The
// time at the beginning of those lies far in the future in this one, so that [Event.SentAt]
// does not mistake it for the time of a delivery.
func NewDeliveryID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	b[0] |= 0x80
	return hex.EncodeToString(b[:])
}
