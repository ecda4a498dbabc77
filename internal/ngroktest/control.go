package ngroktest

import (
	"cmp"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.ngrok.com/muxado/v2"
)

// A session is one connection of an agent, over which both sides open streams.
type session struct {
	s    *Service
	raw  net.Conn
	mux  muxado.TypedStreamSession
	dead chan struct{}
}

func (s *Service) acceptAgents() {
	for {
		raw, err := s.control.Accept()
		if err != nil {
			return
		}
		s.wg.Go(func() { s.serveAgent(raw) })
	}
}

func (s *Service) serveAgent(raw net.Conn) {
	sess := &session{s: s, raw: raw, dead: make(chan struct{})}
	s.mu.Lock()
	if s.hooks.outage || s.closing {
		s.mu.Unlock()
		_ = raw.Close()
		return
	}
	conn := tls.Server(raw, &tls.Config{GetCertificate: s.ca.certificate})
	sess.mux = muxado.NewTypedStreamSession(muxado.Server(conn, nil))
	s.sessions[sess] = struct{}{}
	s.mu.Unlock()

	for {
		stream, err := sess.mux.AcceptTypedStream()
		if err != nil {
			break
		}
		s.wg.Go(func() {
			defer stream.Close()
			sess.serve(stream)
		})
	}
	close(sess.dead)
	_ = sess.mux.Close()
	s.mu.Lock()
	delete(s.sessions, sess)
	for host, e := range s.online {
		if e.sess == sess {
			delete(s.online, host)
			e.transport.CloseIdleConnections()
		}
	}
	s.mu.Unlock()
}

// serve answers one stream of the agent.
func (sess *session) serve(stream muxado.TypedStream) {
	in, out := json.NewDecoder(stream), json.NewEncoder(stream)
	switch stream.StreamType() {
	case typeHeartbeat:
		sess.echo(stream)
	case typeAuth:
		var req authRequest
		if in.Decode(&req) == nil {
			_ = out.Encode(sess.auth(req))
		}
	case typeBind:
		var req bindRequest
		if in.Decode(&req) == nil && !sess.mute() {
			_ = out.Encode(sess.bind(req))
		}
	case typeUnbind:
		var req unbindRequest
		if in.Decode(&req) == nil {
			sess.unbind(req.ID)
			_ = out.Encode(errorReply{})
		}
	case typeSrvInfo:
		_ = out.Encode(srvInfoReply{Region: "test"})
	}
}

// echo returns heartbeats, four bytes each.
func (sess *session) echo(stream io.ReadWriter) {
	for beat := make([]byte, 4); ; {
		if _, err := io.ReadFull(stream, beat); err != nil {
			return
		}
		sess.s.mu.Lock()
		mute := sess.s.hooks.muteHeartbeats
		sess.s.mu.Unlock()
		if mute {
			continue
		}
		if _, err := stream.Write(beat); err != nil {
			return
		}
	}
}

// mute reports whether there is to be no answer, at the end of the session.
func (sess *session) mute() bool {
	s := sess.s
	s.mu.Lock()
	mute := s.hooks.muteBinds
	s.mu.Unlock()
	if mute {
		<-sess.dead
	}
	return mute
}

func (sess *session) auth(req authRequest) authReply {
	s := sess.s
	s.mu.Lock()
	defer s.mu.Unlock()
	req.Extra.ClientID = req.ClientID
	s.auths = append(s.auths, req.Extra)
	token := req.Extra.Authtoken
	known := token != "" && (len(s.hooks.authtokens) == 0 || slices.Contains(s.hooks.authtokens, token))
	switch {
	case s.hooks.refuseAuth != "":
		return authReply{Error: s.hooks.refuseAuth}
	case token == "":
		return authReply{Error: text(4018, "Usage of ngrok requires a verified account and authtoken.")}
	case !known && !strings.Contains(token, "_"):
		return authReply{Error: text(105, "The authtoken you specified does not look like a proper ngrok authtoken.",
			"Your authtoken: "+token, "Instructions to install your authtoken are on your ngrok dashboard:",
			"https://dashboard.ngrok.com/get-started/your-authtoken")}
	case !known:
		return authReply{Error: text(107, "The authtoken you specified is properly formed, but it is invalid.",
			"Your authtoken: "+token, "This usually happens when:", "    - You reset your authtoken",
			"Go to your ngrok dashboard and double check that your authtoken is correct:",
			"https://dashboard.ngrok.com/get-started/your-authtoken")}
	case s.opts.Sessions > 0 && len(s.sessions) > s.opts.Sessions:
		return authReply{Error: text(108, fmt.Sprintf("Your account is limited to %d simultaneous ngrok agent sessions.", s.opts.Sessions))}
	}
	id := req.ClientID
	if id == "" {
		id = s.newID("cl")
	}
	return authReply{Version: "3", ClientID: id, Extra: authExtra{
		Version: "prod", Region: "test", Cookie: "cookie-of-" + id, AccountName: "Tester",
		PlanName: "Free", AgentSessionID: s.newID("ts"),
	}}
}

func (sess *session) bind(req bindRequest) bindReply {
	s := sess.s
	s.mu.Lock()
	defer s.mu.Unlock()
	s.binds++
	repeat := req.Extra.Token != ""
	public := req.Opts.URL
	if public == "" {
		public = cmp.Or(s.hooks.public, s.opts.PublicURL)
	}
	host := hostOf(public)
	switch e := s.online[host]; {
	case repeat && s.hooks.refuseRebind != "":
		return bindReply{Error: s.hooks.refuseRebind}
	case !repeat && s.hooks.refuseBind != "":
		return bindReply{Error: s.hooks.refuseBind}
	case s.hooks.gone[host]:
		return bindReply{Error: text(320, fmt.Sprintf("Failed to bind the domain '%s': it is reserved for another account, or for none.", host))}
	case s.hooks.taken[host], e != nil && (e.token != req.Extra.Token || e.sess == sess):
		return bindReply{Error: text(334, fmt.Sprintf("The endpoint '%s' is already online. Either", public),
			"1. stop your existing endpoint first, or", "2. start both endpoints with `--pooling-enabled` to load balance between them.")}
	}
	reply := bindReply{ID: req.ID, URL: public, Proto: req.Proto, Opts: map[string]string{"URL": public}}
	if reply.ID == "" {
		reply.ID = s.newID("bind")
	}
	reply.Extra.TunnelID = s.newID("tn")
	if reply.Extra.Token = req.Extra.Token; !repeat {
		reply.Extra.Token = "token-of-" + reply.ID
	}
	s.online[host] = newEndpoint(sess, reply.ID, public, reply.Extra.Token)
	return reply
}

func (sess *session) unbind(id string) {
	s := sess.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for host, e := range s.online {
		if e.sess == sess && e.id == id {
			delete(s.online, host)
			e.transport.CloseIdleConnections()
		}
	}
}

// stop tells the agent that it no longer has an endpoint. There is no answer.
func (sess *session) stop(id, code, message string) {
	stream, err := sess.mux.OpenTypedStream(typeStopTunnel)
	if err != nil {
		return
	}
	defer stream.Close()
	_ = json.NewEncoder(stream).Encode(stopTunnel{ID: id, Message: message, ErrorCode: code})
}

// hostOf is the host of a URL, with its port if it has one.
func hostOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	return strings.ToLower(u.Host)
}
