package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/containerd/platforms"
	"github.com/distribution/reference"
	"github.com/docker/go-units"
	"github.com/moby/buildkit/frontend/dockerfile/dfgitutil"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/util/archiveutil"
	"github.com/tonistiigi/go-csvvalue"
	"golang.org/x/net/http2/hpack"
)

func askReference(r *request) (any, error) {
	named, err := reference.ParseNormalizedNamed(r.Text)
	if err != nil {
		return nil, err
	}
	return reference.TagNameOnly(named).String(), nil
}

func askPlatform(r *request) (any, error) {
	platform, err := platforms.Parse(r.Text)
	if err != nil {
		return nil, err
	}
	return platforms.FormatAll(platforms.Normalize(platform)), nil
}

func askCSV(r *request) (any, error) {
	return csvvalue.Fields(r.Text, nil)
}

func askSize(r *request) (any, error) {
	return units.RAMInBytes(r.Text)
}

// Nanoseconds.
func askDuration(r *request) (any, error) {
	duration, err := time.ParseDuration(r.Text)
	return int64(duration), err
}

// Whether a context is a repository; the second word tells whether it is one that can't be used.
func askGit(r *request) (any, error) {
	_, isGit, err := dfgitutil.ParseGitRef(r.Text)
	return map[string]bool{"git": isGit, "bad": err != nil}, nil
}

func askArchive(r *request) (any, error) {
	return archiveutil.IsArchive(r.Bytes), nil
}

// Whether the archive can be read to its end, which is two blocks of zeros, with something left behind them.
func askTar(r *request) (any, error) {
	source := bytes.NewReader(r.Bytes)
	archive := tar.NewReader(source)
	for {
		_, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, archive); err != nil {
			return nil, err
		}
	}
	return source.Len() > 0, nil
}

// The images of FROM and of `--from` in COPY, and those of mounts, as they are written.
func askDockerfile(r *request) (any, error) {
	parsed, err := parser.Parse(bytes.NewReader(r.Bytes))
	if err != nil {
		return nil, err
	}
	images, mounted := []string{}, []string{}
	for _, node := range parsed.AST.Children {
		instruction := strings.ToLower(node.Value)
		if instruction == "from" && node.Next != nil {
			images = append(images, node.Next.Value)
		}
		for _, flag := range node.Flags {
			if image, ok := strings.CutPrefix(flag, "--from="); ok && instruction == "copy" {
				images = append(images, image)
			}
			if mount, ok := strings.CutPrefix(flag, "--mount="); ok && instruction == "run" {
				for field := range strings.SplitSeq(mount, ",") {
					if image, ok := strings.CutPrefix(field, "from="); ok {
						mounted = append(mounted, image)
					}
				}
			}
		}
	}
	_, _, err = instructions.Parse(parsed.AST, nil)
	return map[string]any{"images": images, "mounted": mounted, "bad": err != nil}, nil
}

// The fields of each block of one connection.
func askHpack(r *request) (any, error) {
	var fields [][][2]string
	var current [][2]string
	decoder := hpack.NewDecoder(4096, func(field hpack.HeaderField) {
		current = append(current, [2]string{latin1(field.Name), latin1(field.Value)})
	})
	for _, block := range r.Blocks {
		current = [][2]string{}
		if _, err := decoder.Write(block); err != nil {
			return map[string]any{"blocks": fields, "error": err.Error()}, nil
		}
		if err := decoder.Close(); err != nil {
			return map[string]any{"blocks": fields, "error": err.Error()}, nil
		}
		fields = append(fields, current)
	}
	if fields == nil {
		return nil, errors.New("no blocks")
	}
	return map[string]any{"blocks": fields}, nil
}

// A text of one character a byte.
func latin1(text string) string {
	runes := make([]rune, len(text))
	for i := range len(text) {
		runes[i] = rune(text[i])
	}
	return string(runes)
}
