package main

import (
	"context"
	"io/fs"
	"strconv"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

func askFollow(r *request) (any, error) {
	tree, err := fsutil.NewFS(r.Folder)
	if err != nil {
		return nil, err
	}
	return fsutil.FollowLinks(tree, r.Paths)
}

// The entries that a sender would list: path, mode, and what it links to.
func askWalk(r *request) (any, error) {
	tree, err := fsutil.NewFS(r.Folder)
	if err != nil {
		return nil, err
	}
	tree, err = fsutil.NewFilterFS(tree, &fsutil.FilterOpt{
		IncludePatterns: r.Patterns,
		ExcludePatterns: r.Excludes,
		FollowPaths:     r.Paths,
	})
	if err != nil {
		return nil, err
	}
	entries := []string{}
	err = fsutil.WithHardlinkReset(tree).Walk(context.Background(), "/", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		stat := info.Sys().(*types.Stat)
		entries = append(entries, path+" "+strconv.FormatUint(uint64(stat.Mode), 8)+" "+stat.Linkname)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}
