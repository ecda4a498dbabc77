package dev

import (
	"testing"

	"hfhook/internal/fuzztest"
)

func TestMain(m *testing.M) { fuzztest.Main(m) }
