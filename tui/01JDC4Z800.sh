curl 'http://127.0.0.1:8000/webhooks' \
  -H 'Content-Type: application/json; charset=utf-8' \
  -H 'Accept:' \
  -H 'User-Agent:' \
  -H "X-Webhook-Secret: $WEBHOOK_SECRET" \
  --data-binary '{"event":{"action":"create","scope":"discussion.comment"},
"repo":{"type":"dataset","name":"me/corpus","id":"621ffdc036468d709f17434d","private":false,"url":{"web":"https://huggingface.co/datasets/me/corpus","api":"https://huggingface.co/api/datasets/me/corpus"},"owner":{"id":"628b753283ef59b5be89e937"},"headSha":"c379e821c9c95d613899e8c4343e4bfee2b0c600"},
"discussion":{"id":"639885d811ae2bad2b7ba461","title":"Fix split names in train","url":{"web":"https://huggingface.co/datasets/me/corpus/discussions/19","api":"https://huggingface.co/api/datasets/me/corpus/discussions/19"},"author":{"id":"61d2f90c3c2083e1c08af22d"},"status":"open","isPullRequest":true,"num":19,"changes":{"base":"refs/heads/main"}},
"comment":{"id":"6399f58518721fdd27fc9caa","author":{"id":"61d2f90c3c2083e1c08af22d"},"content":"@bot please re-run the eval on this branch","hidden":false,"url":{"web":"https://huggingface.co/datasets/me/corpus/discussions/19#6399f58518721fdd27fc9caa"}},
"webhook":{"id":"6390e855e30d9209411de93b","version":3}}'
