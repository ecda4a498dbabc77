package event

// Row returns the row of an event that has no deliveries.
func (e *Event) Row() Row {
	row := Row{
		ID:        e.ID,
		Received:  e.Received,
		Path:      e.Path,
		Size:      int64(len(e.Body)),
		Origin:    e.Origin,
		Parent:    e.Parent,
		Duplicate: e.Duplicate,
		SameBody:  e.SameBody,
		Warnings:  len(e.Warnings),
		Unwanted:  e.Unwanted,

		SameBodyAt: e.SameBodyAt,
	}
	if p := e.Payload; p != nil {
		row.Scope, row.Action = p.Event.Scope, p.Event.Action
		row.RepoType, row.Repo = p.Repo.Type, p.Repo.Name
		meaning := p.Meaning()
		row.Label, row.Subject = meaning.Label, meaning.Subject
	}
	return row
}
