package sqlite

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"hfhook/event"
)

// answersAtOnce is how many answers one job records. A job delays the captures of its group, so
// it is small.
const answersAtOnce = 32

var (
	putAnswer  = putAnswersQuery(1)
	putAnswers = putAnswersQuery(answersAtOnce)
)

// putAnswersQuery records n answers, each with eight parameters. CROSS JOIN makes SQLite look
// up the event of each answer, rather than the answer of each event.
func putAnswersQuery(n int) string {
	return `INSERT INTO answers (seq, at, took, status, target, reason, arrival)
		SELECT e.seq, a.column3, a.column4, a.column5, a.column6, a.column7, nullif(a.column8, '')
		FROM (VALUES ` + strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?), ", n), ", ") + `) a
		CROSS JOIN events e ON e.seq = a.column1 AND e.id = a.column2 WHERE true
		ON CONFLICT DO UPDATE SET arrival = excluded.arrival WHERE arrival IS NULL`
}

// PutAnswers is documented at [store.Store].
func (s *Store) PutAnswers(ctx context.Context, answers map[event.ID]event.Answer) error {
	// In the order of the events, which are neighbours in the table: few pages are written.
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(answers)), answersAtOnce) {
		var args []any
		for _, id := range ids {
			seq, raw, err := split(id)
			if err != nil {
				continue // no event has it
			}
			a := answers[id]
			args = append(args, seq, raw, nanos(a.At), int64(a.Took), a.Status, a.Target, a.Reason, string(a.Arrival))
		}
		err := s.writer.do(ctx, int64(len(ids))*128, func(t *tx) error { return t.putAnswers(args) })
		if err != nil {
			return s.explain(ctx, "record what was answered", err)
		}
	}
	return nil
}

// putAnswers records answers. params has the parameters of all of them in a row.
func (t *tx) putAnswers(args []any) error {
	const each = 8
	if len(args) == answersAtOnce*each {
		_, err := t.exec(putAnswers, args...)
		return err
	}
	for one := range slices.Chunk(args, each) {
		if _, err := t.exec(putAnswer, one...); err != nil {
			return err
		}
	}
	return nil
}

// answerColumns are the columns of the table answers, called a, which may have no row for the
// event.
const answerColumns = "a.at, a.took, a.status, a.target, a.reason, a.arrival"

func answerDest(a *event.Answer) []any {
	return []any{scanTime{&a.At}, orZero(&a.Took), orZero(&a.Status), orZero(&a.Target), orZero(&a.Reason), orZero(&a.Arrival)}
}

// scanExit reads the exit status of a command, or NULL.
type scanExit struct{ d *event.Delivery }

func (s scanExit) Scan(v any) error {
	var n sql.Null[int]
	err := n.Scan(v)
	s.d.Exited, s.d.Exit = n.Valid, n.V
	return err
}

// exit returns the value of the column deliveries.exit.
func exit(d *event.Delivery) sql.Null[int] { return sql.Null[int]{V: d.Exit, Valid: d.Exited} }
