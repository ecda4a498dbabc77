package event

import "testing"

// An attempt at another address is a result of its own, and none of an event without targets.
func TestOthers(t *testing.T) {
	t.Parallel()
	at := func(n int, kind AttemptKind, target string, status int) Delivery {
		return Delivery{N: n, Kind: kind, State: Done, Target: target, Status: status}
	}
	all := Others([]Delivery{at(1, Live, "a", 200), at(2, Replay, "b", 500), at(3, Replay, "a", 200), at(4, Replay, "b", 204), at(5, Replay, "c", 200)})
	if len(all) != 2 || all[0].Target != "b" || all[0].Last.N != 4 || all[1].Target != "c" {
		t.Errorf("the results at other addresses are %+v", all)
	}
	if all := Others([]Delivery{at(1, Replay, "b", 500)}); len(all) != 0 {
		t.Errorf("of an event without targets, other addresses are %+v", all)
	}
}
