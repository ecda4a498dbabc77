package tunnel

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A prober sends a request through the public URL and answers it, to check that the way is
// open. Only it knows the nonces of the probes under way, and only it can give the proof, so
// neither another program at the URL nor a stranger can pass the check.
type prober struct {
	client *http.Client
	key    [sha256.Size]byte

	mu     sync.Mutex
	nonces map[string]struct{}
}

const maxNonce = 64 // bytes; one has 26

func newProber(client *http.Client) *prober {
	// A kept connection would only show that an earlier request arrived.
	c := http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}}
	if client != nil {
		c = *client
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	p := &prober{client: &c, nonces: make(map[string]struct{})}
	_, _ = rand.Read(p.key[:]) // never fails
	return p
}

// An answer to a probe.
type proof struct {
	Proof string `json:"proof"` // hexadecimal
}

func (p *prober) prove(nonce string) string {
	mac := hmac.New(sha256.New, p.key[:])
	_, _ = io.WriteString(mac, nonce)
	return hex.EncodeToString(mac.Sum(nil))
}

// ServeHTTP answers a probe under way.
func (p *prober) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	nonce, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNonce))
	if err != nil || r.Method != http.MethodPost || !p.knows(nonce) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"detail":"Not Found"}`)
		return
	}
	_ = json.NewEncoder(w).Encode(proof{p.prove(string(nonce))})
}

func (p *prober) knows(nonce []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := 0
	for n := range p.nonces {
		known |= subtle.ConstantTimeCompare([]byte(n), nonce)
	}
	return known == 1
}

// send posts a nonce to url. It returns how long the answer took, or why it failed.
func (p *prober) send(ctx context.Context, url string) (time.Duration, *Problem) {
	nonce := rand.Text()
	p.mu.Lock()
	p.nonces[nonce] = struct{}{}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.nonces, nonce)
		p.mu.Unlock()
	}()

	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(nonce))
	if err != nil {
		return 0, unreachable(err)
	}
	req.Header.Set("Content-Type", "text/plain")
	req.Header.Set("User-Agent", "hfhook")
	req.Header.Set("Ngrok-Skip-Browser-Warning", "1") // otherwise ngrok may answer with its warning page
	start := time.Now()
	resp, err := p.client.Do(req)
	if err != nil {
		return 0, unreachable(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		return 0, unreachable(err)
	}
	took := time.Since(start)
	var got proof
	if resp.StatusCode != http.StatusOK ||
		json.Unmarshal(bytes.TrimSpace(body), &got) != nil ||
		!hmac.Equal([]byte(got.Proof), []byte(p.prove(nonce))) {
		return 0, strayed(resp)
	}
	return cmp.Or(took, 1), nil
}
