package lease

// The secret for the webhooks, and which of them have it. It changes at once, even during a
// call of the Hub.

import (
	"time"

	"hfhook/internal/hub"
)

// SetSecret changes the secret that webhooks get from now on. It does not block.
func (k *Keeper) SetSecret(secret hub.Secret) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.secret = secret
	clear(k.secrets)
}

// wanted returns the secret for the webhooks; nil: none.
func (k *Keeper) wanted() hub.Secret {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.secret
}

// noteSecret records that a webhook got a secret, if that is still the wanted one.
func (k *Keeper) noteSecret(id string, secret hub.Secret) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if secret != nil && k.secret != nil && secret.Reveal() == k.secret.Reveal() {
		k.secrets[id] = time.Now()
	}
}

func (k *Keeper) forgetSecret(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.secrets, id)
}

// secretSince returns when a webhook got the secret; zero: this session has not set it.
func (k *Keeper) secretSince(id string) time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.secrets[id]
}
