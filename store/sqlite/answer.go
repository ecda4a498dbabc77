package sqlite

import (
	"context"
	"database/sql"

	"hfhook/event"
)

// PutAnswers is documented at [store.Store].
func (s *Store) PutAnswers(ctx context.Context, answers map[event.ID]event.Answer) error {
	err := s.writer.do(ctx, int64(len(answers))*128, func(t *tx) error {
		for id, a := range answers {
			seq, raw, err := split(id)
			if err != nil {
				continue // no event has it
			}
			if _, err := t.exec(`INSERT INTO answers (seq, at, took, status, target, reason, arrival)
				SELECT seq, ?, ?, ?, ?, ?, nullif(?, '') FROM events WHERE seq = ? AND id = ?
				ON CONFLICT DO UPDATE SET arrival = excluded.arrival WHERE arrival IS NULL`,
				nanos(a.At), int64(a.Took), a.Status, a.Target, a.Reason, string(a.Arrival), seq, raw); err != nil {
				return err
			}
		}
		return nil
	})
	return s.explain(ctx, "record what was answered", err)
}

// answerColumns are those of the table answers, called a, which may have no row.
const answerColumns = "a.at, a.took, a.status, a.target, a.reason, a.arrival"

func answerDest(a *event.Answer) []any {
	return []any{scanTime{&a.At}, orZero(&a.Took), orZero(&a.Status), orZero(&a.Target), orZero(&a.Reason), orZero(&a.Arrival)}
}

// scanExit reads the exit status of a command, NULL where there was none.
type scanExit struct{ d *event.Delivery }

func (s scanExit) Scan(v any) error {
	var n sql.Null[int]
	err := n.Scan(v)
	s.d.Exited, s.d.Exit = n.Valid, n.V
	return err
}

// exit is the column deliveries.exit.
func exit(d *event.Delivery) sql.Null[int] { return sql.Null[int]{V: d.Exit, Valid: d.Exited} }
