package sqlite

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"hfhook/event"
)

// An ID is a ULID: 48 bits of milliseconds and 80 bits of randomness. Its first 64 bits are the
// key of its row: so rows are in the order of their IDs, and a prefix of an ID is a range of
// keys, without another index. The 64 bits are a positive number until the year 6429.

// nextSeq returns the key after newest: that of the present time, or one more if the clock is
// behind.
func nextSeq(newest int64, now time.Time) int64 {
	ms := min(max(now.UnixMilli(), 0), 1<<47-1)
	// Half of the 16 bits below the time are free for more events of the same millisecond.
	return max(newest+1, ms<<16|rand.Int64N(1<<15))
}

// newID returns an ID with this key.
func newID(seq int64) []byte {
	id := make([]byte, 0, 16)
	id = binary.BigEndian.AppendUint64(id, uint64(seq))
	return binary.BigEndian.AppendUint64(id, rand.Uint64())
}

// split returns the bytes of an ID and its key, or the largest key for an ID after the year
// 6429.
func split(id event.ID) (seq int64, raw []byte, err error) {
	if raw, err = id.Bytes(); err != nil {
		return 0, nil, fmt.Errorf("id %q: %w", id, err)
	}
	return int64(min(binary.BigEndian.Uint64(raw), math.MaxInt64)), raw, nil
}
