package duration_test

import (
	"strings"
	"testing"
	"time"

	"hfhook/internal/duration"
)

func TestText(t *testing.T) {
	t.Parallel()
	const ms, s, m, h = time.Millisecond, time.Second, time.Minute, time.Hour
	tests := []struct {
		d                        time.Duration
		text, cell, seconds, age string
	}{
		{-time.Second, "0.0ms", "0.0ms", "0s", "0s"},
		{0, "0.0ms", "0.0ms", "0s", "0s"},
		{2140 * time.Microsecond, "2.1ms", "2.1ms", "0s", "0s"},
		{9949 * time.Microsecond, "9.9ms", "9.9ms", "0s", "0s"},
		{9950 * time.Microsecond, "10ms", "10ms", "0s", "0s"},
		{198 * ms, "198ms", "198ms", "0s", "0s"},
		{999499 * time.Microsecond, "999ms", "999ms", "1s", "0s"},
		{999500 * time.Microsecond, "1.0s", "1.0s", "1s", "0s"},
		{1300 * ms, "1.3s", "1.3s", "1s", "1s"},
		{59949 * ms, "59.9s", "59.9s", "1m00s", "59s"},
		{59950 * ms, "1m00s", "1m00s", "1m00s", "59s"},
		{17*m + 31*s, "17m31s", "17m31", "17m31s", "17m"},
		{h - 400*ms, "1h00m", "1h00m", "1h00m", "59m"},
		{23*h + 59*m, "23h59m", "23h59", "23h59m", "23h"},
		{47 * h, "1d23h", "1d23h", "1d23h", "47h"},
		{98 * h, "4d02h", "4d02h", "4d02h", "4d"},
		{1000 * h, "41d16h", "41d16", "41d16h", "41d"},
	}
	for _, tt := range tests {
		if text, cell, seconds, age := duration.Text(tt.d), duration.Cell(tt.d), duration.Seconds(tt.d), duration.Age(tt.d); text != tt.text || cell != tt.cell || seconds != tt.seconds || age != tt.age {
			t.Errorf("%v is %s, %s, %s, %s; want %s, %s, %s, %s", tt.d, text, cell, seconds, age, tt.text, tt.cell, tt.seconds, tt.age)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	got := []string{
		duration.Ago(900 * time.Millisecond), duration.Ago(4 * time.Minute), duration.Ago(72 * time.Hour),
		duration.Difference(1300 * time.Millisecond), duration.Difference(-137 * time.Millisecond), duration.Difference(0),
	}
	if text := strings.Join(got, ", "); text != "just now, 4m ago, 3d ago, +1.3s, −137ms, +0.0ms" {
		t.Error(text)
	}
}
