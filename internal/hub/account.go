package hub

// Whose token it is.

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

// MayWrite is false where the token is known to change nothing. What a fine-grained
// one may do is told by the calls alone.
func (a *Account) MayWrite() bool { return a.Role != "read" }

// Whoami asks whose token it is. The call and its answer are those of whoami in
// huggingface_hub's HfApi. The Hub limits it more than others: ask once.
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
