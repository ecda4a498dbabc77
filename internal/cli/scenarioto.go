package cli

// Scenarios that are played to a handler itself, to check it.

import (
	"context"
	"errors"
	"math"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/payload/sample"
	"hfhook/store/sqlite"
)

// playTo sends the steps to targets as first deliveries, with the time between them, one
// after another, and records what comes of it. An answer that is not 2xx is a failure.
func playTo(ctx context.Context, p *program, cmd *cobra.Command, steps []sample.Step, speed float64, flags *triggerFlags) (err error) {
	path, err := hookPath(p.settings.path)
	if err != nil {
		return err
	}
	to, err := chooseDestination(ctx, p, cmd, &flags.to)
	if err != nil {
		return err
	}
	defer to.close()
	for i := range to.targets {
		to.targets[i].ReplayAs.Unmarked = true // for the handler it is the first delivery
	}
	storePath, err := p.storePath()
	if err != nil {
		return err
	}
	events, err := p.openStore(ctx, storePath, sqlite.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, events.Close()) }()
	sender, err := to.sender(p, events)
	if err != nil {
		return err
	}
	if math.IsInf(speed, 1) {
		speed = 0 // no pace
	}
	r := &replaying{program: p, events: events, sender: sender, targets: to.targets, as: flags.as, pace: speed, staged: map[event.ID]*event.Event{}}
	due := time.Now()
	for i, step := range steps {
		due = due.Add(step.After)
		delivery := ""
		if step.Again > 0 {
			delivery = r.staged[stageID(step.Again)].DeliveryID
		}
		e := dev.Synthetic(path, step.Body, delivery)
		e.Received = due
		r.staged[stageID(i+1)] = e
		r.ids = append(r.ids, stageID(i+1))
	}
	return r.run(ctx)
}

// stageID stands for the event of a step until that is recorded.
func stageID(step int) event.ID { return event.ID("step " + strconv.Itoa(step)) }
