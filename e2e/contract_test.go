//go:build unix

package e2e

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"strings"
	"testing"

	"hfhook/internal/contract"
	"hfhook/internal/ngroktest"
)

// withContract gives a home the secret of the contract.
func (h *home) withContract() *home {
	for i, v := range h.env {
		if strings.HasPrefix(v, "WEBHOOK_SECRET=") {
			h.env[i] = "WEBHOOK_SECRET=" + contract.Secret
		}
	}
	return h
}

// TestContract: a session answers as the package server does.
func TestContract(t *testing.T) {
	t.Parallel()
	p := newHome(t).withContract().dev("--tunnel", "none", "--max-body", "1MiB")
	u, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	var dialer net.Dialer
	contract.Run(t, contract.Server{Host: u.Host, Dial: func(ctx context.Context) (net.Conn, error) {
		return dialer.DialContext(ctx, "tcp", u.Host)
	}})
}

// TestContractThroughTunnel: and so it does through its public URL.
func TestContractThroughTunnel(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	h := newHome(t).withContract()
	h.withNgrok(service, "token_for_the_contract")
	p := h.dev("--max-body", "1MiB")
	u, err := url.Parse(p.await("the tunnel", tunnelIs("up")).text("url"))
	if err != nil {
		t.Fatal(err)
	}
	dialer := tls.Dialer{Config: service.TLSConfig()}
	contract.Run(t, contract.Server{Host: u.Host, Proxy: true, Dial: func(ctx context.Context) (net.Conn, error) {
		return dialer.DialContext(ctx, "tcp", u.Host)
	}})
}
