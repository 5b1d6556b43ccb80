// Shows a recorded status stream as BuildKit's own client does: `replay plain` or `replay rawjson`, messages in base64, one a
// line, on stdin.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"os"

	controlapi "github.com/moby/buildkit/api/services/control"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/util/progress/progressui"
)

func main() {
	if err := replay(progressui.DisplayMode(os.Args[1])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func replay(mode progressui.DisplayMode) error {
	statuses, err := read()
	if err != nil {
		return err
	}
	ch := make(chan *client.SolveStatus, len(statuses))
	for _, status := range statuses {
		ch <- status
	}
	close(ch)
	display, err := progressui.NewDisplay(os.Stdout, mode)
	if err != nil {
		return err
	}
	_, err = display.UpdateFrom(context.Background(), ch)
	return err
}

func read() ([]*client.SolveStatus, error) {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	var statuses []*client.SolveStatus
	for lines.Scan() {
		bytes, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil {
			return nil, err
		}
		var message controlapi.StatusResponse
		if err := message.UnmarshalVT(bytes); err != nil {
			return nil, err
		}
		statuses = append(statuses, client.NewSolveStatus(&message))
	}
	return statuses, lines.Err()
}
