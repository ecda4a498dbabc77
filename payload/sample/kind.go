package sample

import (
	"slices"
	"strings"

	"hfhook/payload"
)

// A Template is what New makes a payload from.
type Template struct {
	Name      string // as New takes it: "discussion/create:pr"
	Scope     payload.Scope
	Action    payload.Action
	About     string             // what happened, in a few words
	RepoTypes []payload.RepoType // whose events are of this kind, the usual one first

	fill func(*maker)
}

// Templates lists what New makes, the variants of a kind behind it.
func Templates() []Template {
	list := slices.Clone(kinds)
	for i := range list {
		list[i].RepoTypes = slices.Clone(list[i].RepoTypes)
	}
	return list
}

// Names lists the names of the kinds in the order of Templates.
func Names() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.Name)
	}
	return names
}

var (
	git = []payload.RepoType{payload.TypeDataset, payload.TypeModel, payload.TypeSpace}
	all = append(slices.Clone(git), payload.TypeBucket)
)

var kinds = []Template{
	kind("repo/create", "repository created", all, func(m *maker) {}),
	kind("repo/delete", "repository deleted", all, func(m *maker) { m.Repo.HeadSHA = "" }),
	kind("repo/move", "repository renamed or transferred", all, (*maker).move),
	kind("repo/update", "other repository update", all, func(m *maker) {}),

	kind("repo.content/update", "push to main", all, func(m *maker) {
		if m.Repo.Type == payload.TypeBucket {
			m.files()
		} else {
			m.refs(main, payload.ActionUpdate)
		}
	}),
	kind("repo.content/update:branch", "new branch", git, func(m *maker) { m.refs("refs/heads/dev", payload.ActionCreate) }),
	kind("repo.content/update:branch-deleted", "deleted branch", git, func(m *maker) { m.refs("refs/heads/dev", payload.ActionDelete) }),
	kind("repo.content/update:tag", "new tag", git, func(m *maker) { m.refs("refs/tags/v1.0", payload.ActionCreate) }),
	kind("repo.content/update:tag-deleted", "deleted tag", git, func(m *maker) { m.refs("refs/tags/v1.0", payload.ActionDelete) }),
	kind("repo.content/update:pr", "pull request ref created", git, func(m *maker) { m.refs(m.prRef(), payload.ActionCreate) }),
	kind("repo.content/update:pr-push", "push to a pull request", git, func(m *maker) { m.refs(m.prRef(), payload.ActionUpdate) }),
	kind("repo.content/update:parquet", "Parquet conversion", []payload.RepoType{payload.TypeDataset}, func(m *maker) {
		m.refs("refs/convert/parquet", payload.ActionUpdate)
	}),
	kind("repo.content/update:refs", "push to main and to a pull request, with a new tag", git, func(m *maker) {
		m.refs(main, payload.ActionUpdate)
		m.refs("refs/tags/v1.0", payload.ActionCreate)
		m.refs(m.prRef(), payload.ActionUpdate)
	}),
	kind("repo.content/update:files", "files of a bucket", []payload.RepoType{payload.TypeBucket}, (*maker).files),

	kind("repo.config/update", "made private", all, func(m *maker) { m.setPrivate(true) }),
	kind("repo.config/update:public", "made public", all, func(m *maker) { m.setPrivate(false) }),
	kind("repo.config/update:other", "another setting (not named in the payload)", all, (*maker).config),
	kind("repo.config.dois/update", "an unknown future scope", git, (*maker).config),

	kind("discussion/create", "discussion opened, with its first comment", git, func(m *maker) {
		m.discuss(payload.StatusOpen)
		m.comment("How were the splits made?")
	}),
	kind("discussion/create:pr", "pull request opened", git, func(m *maker) {
		m.pullRequest(payload.StatusOpen)
		m.comment("The test split had the name of the training split.")
	}),
	kind("discussion/create:draft", "pull request opened as a draft", git, func(m *maker) {
		m.pullRequest(payload.StatusDraft)
		m.comment("Not ready yet.")
	}),
	kind("discussion/update", "new title", git, (*maker).rename),
	kind("discussion/update:closed", "discussion closed", git, func(m *maker) { m.discuss(payload.StatusClosed) }),
	kind("discussion/update:merged", "pull request merged", git, func(m *maker) {
		m.pullRequest(payload.StatusMerged)
	}),
	kind("discussion/delete", "discussion deleted", git, func(m *maker) { m.discuss("") }),

	kind("discussion.comment/create", "comment", git, func(m *maker) {
		m.discuss("")
		m.comment("hello")
	}),
	kind("discussion.comment/create:pr", "comment on a pull request", git, func(m *maker) {
		m.pullRequest("")
		m.comment("LGTM, merging")
	}),
	kind("discussion.comment/update", "comment edited", git, func(m *maker) {
		m.discuss("")
		m.comment("hello, edited")
	}),
	kind("discussion.comment/update:hidden", "comment hidden: it has no content", git, func(m *maker) {
		m.discuss("")
		m.comment("")
		m.Comment.Hidden, m.Comment.Content = true, nil
	}),
}

func kind(name, about string, types []payload.RepoType, fill func(*maker)) Template {
	scope, action, _ := strings.Cut(name, "/")
	action, _, _ = strings.Cut(action, ":")
	return Template{
		Name:      name,
		Scope:     payload.Scope(scope),
		Action:    payload.Action(action),
		About:     about,
		RepoTypes: types,
		fill:      fill,
	}
}
