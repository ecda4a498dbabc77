package hub

// The user of the access token.

import (
	"context"
	"net/http"
)

// An Account is the user of a token.
type Account struct {
	Name  string // text from outside
	Token string // the token's name at https://huggingface.co/settings/tokens, if it has one; text from outside
	Role  string // of the token: "read", "write" or "fineGrained"; empty where the Hub does not say
}

// MayWrite is false if the token is known to be read-only. The permissions of a fine-grained
// token show only in calls.
func (a *Account) MayWrite() bool { return a.Role != "read" }

// Whoami returns the user of the token. The call equals whoami of huggingface_hub's HfApi. The
// Hub limits it more than other calls: call it once.
func (c *Client) Whoami(ctx context.Context) (*Account, error) {
	var said struct {
		Name string `json:"name"`
		Auth struct {
			AccessToken struct {
				DisplayName string `json:"displayName"`
				Role        string `json:"role"`
			} `json:"accessToken"`
		} `json:"auth"`
	}
	request := &call{client: c, doing: "check the access token", method: http.MethodGet, path: "/api/whoami-v2", again: true}
	if _, err := request.do(ctx, &said); err != nil {
		return nil, err
	}
	if said.Name == "" {
		return nil, request.notHub(http.StatusOK, "the answer has no name")
	}
	return &Account{Name: said.Name, Token: said.Auth.AccessToken.DisplayName, Role: said.Auth.AccessToken.Role}, nil
}
