package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

func askClean(r *request) (any, error) {
	return filepath.Clean(r.Text), nil
}

// One verdict a name: 'y', 'n', or 'e' for a malformed pattern.
func askGlob(r *request) (any, error) {
	var verdicts strings.Builder
	for _, name := range r.Texts {
		matched, err := filepath.Match(r.Text, name)
		verdicts.WriteByte(verdict(matched, err))
	}
	return verdicts.String(), nil
}

func askRegexp(r *request) (any, error) {
	expression, err := regexp.Compile(r.Text)
	if err != nil {
		return nil, err
	}
	var verdicts strings.Builder
	for _, text := range r.Texts {
		verdicts.WriteByte(verdict(expression.MatchString(text), nil))
	}
	return verdicts.String(), nil
}

// Two verdicts a path: of the path with those above it, and of a walk from the root down to it.
func askMatch(r *request) (any, error) {
	if _, err := patternmatcher.New(r.Patterns); err != nil {
		return nil, err
	}
	var verdicts strings.Builder
	for _, path := range r.Paths {
		// A matcher keeps what it compiled, and what it failed to compile: each path gets a new one.
		matcher, _ := patternmatcher.New(r.Patterns)
		verdicts.WriteByte(verdict(matcher.MatchesOrParentMatches(path)))
		matcher, _ = patternmatcher.New(r.Patterns)
		verdicts.WriteByte(verdict(walked(matcher, path)))
	}
	return verdicts.String(), nil
}

func walked(matcher *patternmatcher.PatternMatcher, path string) (bool, error) {
	var info patternmatcher.MatchInfo
	var matched bool
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		var err error
		if matched, info, err = matcher.MatchesUsingParentResults(path[:i], info); err != nil {
			return false, err
		}
	}
	return matched, nil
}

func askIgnore(r *request) (any, error) {
	lines, err := ignorefile.ReadAll(bytes.NewReader(r.Bytes))
	if err != nil {
		return nil, err
	}
	if lines == nil {
		lines = []string{}
	}
	return lines, nil
}

func verdict(matched bool, err error) byte {
	switch {
	case err != nil:
		return 'e'
	case matched:
		return 'y'
	}
	return 'n'
}
