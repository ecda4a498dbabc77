package delivery

// Back reports that a target accepts connections again, so that waiting events are sent at once
// rather than after a pause. It never blocks; unknown names are ignored.
func (d *Dispatcher) Back(name string) {
	for _, q := range d.list() {
		if q.target.Name == name {
			poke(q.back)
		}
	}
}
