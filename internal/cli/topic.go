package cli

import (
	"github.com/spf13/cobra"
)

// filterTopic is what `hfhook help filter` says.
func filterTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "filter",
		Short: "How to write filters",
		Long: `A filter says which events are meant, on the command line as in the screen:

  scope:discussion               a scope and all below it
  action:update  type:dataset    create, update, delete, move; model, dataset, space, bucket, kernel
  repo:me/*  path:/webhooks/ci   * is any text, ? any character
  ref:main  ref:pr/*  ref:tags/* a branch, pull request or tag that was pushed
  pr:19                          the pull request, or a push to its ref
  author:61d2f90c3c2083e1c08af22d   of the comment or, if there is none, of the discussion
  id:01KAJ3  id:b1946ac9         its id, or how it begins; its Webhook-Id; also those of a replay
  status:200 5xx err pending     what became of it at a target; err: no whole answer
  ms:>500  ms:<=2s  size:>10k    how long that took; size of the body, in units of 1,024 bytes
  target:bot                     a target by name, host:port or URL; * is any text
  answer:KeyError                in the target's answer, in any letter case; answer~"Error$" by a regular expression
  is:failed                      also replayed edited synthetic pinned duplicate same-body warned missed
  origin:hub                     where it came from: hub, import, synthetic or edit
  pin:good-*  note:flaky         the name of its pin; a text in its note, note:* for any note
  header.user-agent:python*      a header of the request; header.x-run~"^7" by a regular expression
  since:2h  before:14:30         when it was recorded; also 7d, today, yesterday, monday, 2026-11-01,
                                 2026-11-01T14:30

  word  "two words"              anywhere in the body, in any letter case
  .comment.content~"re-?run"     a regular expression (RE2) in a value of the body
  .repo.private:true             a value of the body
  .discussion.num>10             a number of the body that is larger; also >= < <=
  .updatedRefs[0].ref:x          an element of a list, from 0; [] is any of them
  .["any name"]:"19"             a value between quotation marks is a text, and no number

  a b    a | b    -a    ( )      and, or, not, groups

What became of an event is told for each of its targets: it failed if one of them did not
take it. The terms status: ms: answer: is:failed is:replayed and target: that stand beside
each other speak of one and the same target; | and brackets start over, and a - says that no
target is so:

  status:5xx target:bot          bot answered 5xx
  status:5xx (target:bot)        some target answered 5xx, and bot is one of the targets
  -(is:failed target:bot)        bot did not fail
  answer:KeyError target:bot     KeyError is in what bot answered

A value with a space, a bracket, | or a quotation mark stands between quotation marks,
where \" and \\ stand for the characters. For the shell the whole filter does, too:

  hfhook ls 'scope:discussion.comment -is:replayed "two words"'
  hfhook tail 'repo:me/* (status:5xx | status:err)'`,
	}
}
