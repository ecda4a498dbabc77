package export

// The bytes of an HTTP/1.1 request, as for nc.

import (
	"bufio"
	"fmt"
	"iter"
)

func writeRaw(w *bufio.Writer, requests iter.Seq[*request], _ Options) error {
	for r := range requests {
		fmt.Fprintf(w, "%s %s HTTP/1.1\r\nHost: %s\r\n", r.method(), r.target(), r.url.Host)
		for _, f := range r.header {
			fmt.Fprintf(w, "%s: %s\r\n", f.Name, f.Value)
		}
		if r.secret != "" {
			fmt.Fprintf(w, "%s: %s\r\n", secretHeader, r.secret)
		}
		fmt.Fprintf(w, "Content-Length: %d\r\n\r\n", len(r.Event.Body))
		w.Write(r.Event.Body)
	}
	return nil
}
