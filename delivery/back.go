package delivery

// Back says that a target takes connections again, so that what waits for it is sent at
// once and not after a pause. It never blocks; a name that no target has is passed over.
func (d *Dispatcher) Back(name string) {
	for _, q := range d.list() {
		if q.target.Name == name {
			poke(q.back)
		}
	}
}
