// Package plainerr words errors for people: what the operating system, the network and
// Go's parsers say of a failure is for programmers.
package plainerr

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hfhook/internal/jsontree"
	"hfhook/internal/neterr"
)

// Text is the text of an error, in which each error of the operating system, the network
// or a parser of Go that the error wraps is in plain words. What hfhook itself says around
// it stays. It is empty for nil.
func Text(err error) string {
	if err == nil {
		return ""
	}
	return reword(err.Error(), err)
}

// Wrap is err with Text as its text.
func Wrap(err error) error {
	if err == nil {
		return nil
	}
	return plain{err}
}

type plain struct{ error }

func (p plain) Error() string { return Text(p.error) }
func (p plain) Unwrap() error { return p.error }

// reword puts plain words into the text of an error, or of one that wraps it.
func reword(text string, err error) string {
	if words, known := words(err); known {
		return strings.Replace(text, err.Error(), words, 1)
	}
	switch below := err.(type) {
	case interface{ Unwrap() error }:
		if next := below.Unwrap(); next != nil {
			return reword(text, next)
		}
	case interface{ Unwrap() []error }:
		for _, next := range below.Unwrap() {
			text = reword(text, next)
		}
	}
	return text
}

// words are those for an error itself, not for one that it wraps.
func words(err error) (string, bool) {
	switch e := err.(type) {
	case *fs.PathError:
		return file(e.Path, e.Err), true
	case *os.LinkError:
		return file(e.New, e.Err), true
	case *exec.Error:
		if errors.Is(e.Err, exec.ErrNotFound) {
			return e.Name + ": command not found", true
		}
		return e.Name + ": " + Text(e.Err), true
	case *os.SyscallError:
		return cause(e.Err), true
	case syscall.Errno:
		return cause(e), true
	case *net.OpError, *net.DNSError, *url.Error, *net.AddrError, *net.ParseError:
		if parse, ok := err.(*url.Error); ok && parse.Op == "parse" {
			return "invalid URL " + strconv.Quote(parse.URL) + ": " + Text(parse.Err), true
		}
		return neterr.Words(err), true
	case *json.SyntaxError:
		return jsontree.Words(e.Error()), true
	case *json.UnmarshalTypeError:
		if e.Field == "" {
			return "unexpected " + e.Value, true
		}
		return e.Field + ": unexpected " + e.Value, true
	case *exec.ExitError:
		if code := e.ExitCode(); code >= 0 {
			return "exit code " + strconv.Itoa(code), true
		}
		return e.Error(), true
	case *strconv.NumError:
		return "invalid number " + strconv.Quote(e.Num), true
	case *time.ParseError:
		return "invalid time " + strconv.Quote(e.Value), true
	}
	switch err {
	case io.ErrUnexpectedEOF:
		return "it ends too early", true
	case net.ErrClosed, io.ErrClosedPipe:
		return "the connection was closed", true
	case os.ErrDeadlineExceeded:
		return "no answer in time", true
	}
	return "", false
}

// file says what is wrong with a file.
func file(path string, err error) string {
	for _, known := range files {
		for _, errno := range known.errs {
			if errors.Is(err, errno) {
				return strings.Replace(known.words, "%", path, 1)
			}
		}
	}
	return path + ": " + cause(err)
}

// files are sentences about a file, whose name stands in the place of %.
var files = []struct {
	errs  []error
	words string
}{
	{[]error{syscall.ENOTDIR}, "a part of the path % is not a directory"},
	{[]error{fs.ErrNotExist}, "% not found"},
	{[]error{syscall.EROFS}, "% is on a read-only file system"},
	{[]error{fs.ErrPermission}, "no permission for %"},
	{[]error{syscall.EISDIR}, "% is a directory"},
	{[]error{syscall.ENOTEMPTY}, "the directory % is not empty"},
	{[]error{fs.ErrExist}, "% exists already"},
	{[]error{fs.ErrClosed}, "% is closed"},
	{[]error{syscall.ENOSPC}, "no space left for %: the disk is full"},
	{[]error{syscall.ENAMETOOLONG}, "the name % is too long"},
	{[]error{syscall.ELOOP}, "% is a symbolic link loop"},
	{[]error{syscall.EXDEV}, "% is on another file system"},
	{[]error{syscall.EMFILE, syscall.ENFILE}, "%: too many files are open"},
	{[]error{syscall.EIO}, "%: the disk cannot be read or written"},
}

// causes are reasons without a file.
var causes = []struct {
	errs  []error
	words string
}{
	{[]error{syscall.ENOTDIR}, "a part of the path is not a directory"},
	{[]error{fs.ErrNotExist}, "not found"},
	{[]error{syscall.EROFS}, "the file system is read-only"},
	{[]error{syscall.EADDRINUSE}, "the port is in use"},
	{[]error{fs.ErrPermission}, "no permission"},
	{[]error{syscall.EISDIR}, "it is a directory"},
	{[]error{fs.ErrExist}, "it already exists"},
	{[]error{fs.ErrClosed}, "it is closed"},
	{[]error{syscall.ENOSPC}, "the disk is full"},
	{[]error{syscall.EMFILE, syscall.ENFILE}, "too many files are open"},
	{[]error{syscall.EIO}, "the disk cannot be read or written"},
	{[]error{syscall.EPIPE}, "nobody is reading it"},
	{[]error{syscall.EAGAIN}, "the system is out of resources"},
	{[]error{syscall.ENOEXEC}, "it is not an executable for this system"},
	{[]error{syscall.EINVAL}, "the system does not support that"},
}

func cause(err error) string {
	for _, known := range causes {
		for _, errno := range known.errs {
			if errors.Is(err, errno) {
				return known.words
			}
		}
	}
	return neterr.Words(err)
}
