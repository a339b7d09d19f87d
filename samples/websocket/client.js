// A JsSIP user agent that registers, then sends a MESSAGE, over WebSocket. PORT, DEFLATE=1 compresses.
const WebSocket = require('ws');
const JsSIP = require('jssip');

class Socket {
  constructor(url) { this.url = url; this.via_transport = 'WS'; this.sip_uri = 'sip:127.0.0.1;transport=ws'; }
  connect() {
    this.ws = new WebSocket(this.url, 'sip', { perMessageDeflate: process.env.DEFLATE === '1' && { threshold: 0 } });
    this.ws.on('open', () => this.onconnect());
    this.ws.on('message', (data) => this.ondata(data.toString()));
    this.ws.on('close', (code, reason) => this.ondisconnect(false, code, String(reason)));
    this.ws.on('error', () => {});
  }
  disconnect() { this.ws && this.ws.close(); }
  send(text) { this.ws.send(text); return true; }
  isConnected() { return this.ws && this.ws.readyState === 1; }
  isConnecting() { return this.ws && this.ws.readyState === 0; }
}

const ua = new JsSIP.UA({
  sockets: [new Socket(`ws://127.0.0.1:${process.env.PORT}`)],
  uri: 'sip:alice@example.com', password: 'secret', register_expires: 600,
});
ua.on('registered', () => {
  ua.sendMessage('sip:bob@example.com', 'lunch?', {
    eventHandlers: { failed: () => { ua.stop(); setTimeout(() => process.exit(0), 500); } },
  });
});
ua.start();
