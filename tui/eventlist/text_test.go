package eventlist

import (
	"testing"

	"hfhook/tui/style"
)

func TestShortenSHAs(t *testing.T) {
	const push = "me/my-model a1b2c3d→c3d4e5f"
	for _, test := range []struct {
		subject string
		room    int
		want    string
	}{
		{push, 27, push},
		{push, 26, "me/my-model a1b→c3d"},
		{"me/my-model a1b2c3d->c3d4e5f", 26, "me/my-model a1b->c3d"},
		{push + " +1 ref", 27, "me/my-model a1b→c3d +1 ref"},
		{"me/my-model new→c3d4e5f", 20, "me/my-model new→c3d"},
		{"me/my-model a1b2c3d→gone", 10, "me/my-model a1b→gone"},
		{`me/x "a1b2c3d"`, 4, `me/x "a1b2c3d"`},
	} {
		if got := shortenSHAs(test.subject, test.room); got != test.want {
			t.Errorf("%q on %d cells: %q, want %q", test.subject, test.room, got, test.want)
		}
	}
}

func TestShortenRepo(t *testing.T) {
	th := style.Colors{}.Theme(true, false, false)
	for _, test := range []struct {
		subject, repo string
		room          int
		want          string
	}{
		{`me/corpus#19 "LGTM"`, "me/corpus", 19, `me/corpus#19 "LGTM"`},
		{`me/corpus#19 "LGTM, merging"`, "me/corpus", 18, `me/corpus#19 "LGTM, merging"`},
		{"some-user/some-repo#3", "some-user/some-repo", 19, "some-repo#3"},
		{`some-user/some-repo#3 "Hello!"`, "some-user/some-repo", 19, `some-repo#3 "Hello!"`},
		{`openai-community/a-long-name#3 "Hello!"`, "openai-community/a-long-name", 18, `a-long-n…#3 "Hello!"`},
		{"openai-community/a-long-name", "openai-community/a-long-name", 18, "openai-community/a-long-name"},
		{"me/corpus#19", "me/corpus", 8, "me/corpus#19"}, // too little for both
		{"of no repository", "me/corpus", 4, "of no repository"},
		{"ユーザー/データ#19", "ユーザー/データ", 14, "データ#19"},
	} {
		if got := shortenRepo(th, test.subject, test.repo, test.room); got != test.want {
			t.Errorf("%q on %d cells: %q, want %q", test.subject, test.room, got, test.want)
		}
	}
}
