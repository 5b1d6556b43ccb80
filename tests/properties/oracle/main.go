// Answers what BuildKit and the libraries it is made of say to an input: a JSON request a line on stdin, a JSON answer a
// line on stdout, in order, when stdin has ended.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// request names a question; the other fields are its input. Texts that may not be UTF-8 travel as bytes.
type request struct {
	Ask      string   `json:"ask"`
	Text     string   `json:"text"`
	Texts    []string `json:"texts"`
	Bytes    []byte   `json:"bytes"`
	Blocks   [][]byte `json:"blocks"`
	Patterns []string `json:"patterns"`
	Excludes []string `json:"excludes"`
	Paths    []string `json:"paths"`
	Folder   string   `json:"folder"`
}

// answers has one function a question. What it returns becomes JSON; an error becomes {"error": "..."}.
var answers = map[string]func(*request) (any, error){
	"clean":      askClean,
	"glob":       askGlob,
	"regexp":     askRegexp,
	"match":      askMatch,
	"ignore":     askIgnore,
	"follow":     askFollow,
	"walk":       askWalk,
	"reference":  askReference,
	"platform":   askPlatform,
	"csv":        askCSV,
	"size":       askSize,
	"duration":   askDuration,
	"git":        askGit,
	"archive":    askArchive,
	"tar":        askTar,
	"dockerfile": askDockerfile,
	"hpack":      askHpack,
}

// Nothing is written before all is read: whoever asks need not do both at once.
func main() {
	// The scanner of patterns complains there of odd characters.
	stderr := os.Stderr
	os.Stderr, _ = os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	var out bytes.Buffer
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			if err := answer(line, &out); err != nil {
				fmt.Fprintln(stderr, err)
				os.Exit(1)
			}
		}
		if err != nil {
			break
		}
	}
	if _, err := out.WriteTo(os.Stdout); err != nil {
		fmt.Fprintln(stderr, err)
		os.Exit(1)
	}
}

func answer(line []byte, out *bytes.Buffer) error {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return err
	}
	ask := answers[asked.Ask]
	if ask == nil {
		return fmt.Errorf("no such question: %q", asked.Ask)
	}
	value, err := ask(&asked)
	if err != nil {
		value = map[string]string{"error": err.Error()}
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
