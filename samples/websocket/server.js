// A registrar on WebSocket: 200 to REGISTER, 603 to everything else. PORT, DEFLATE=1 compresses.
const { WebSocketServer } = require('ws');

const server = new WebSocketServer({
  host: '127.0.0.1', port: Number(process.env.PORT),
  perMessageDeflate: process.env.DEFLATE === '1' && { threshold: 0 },
  handleProtocols: () => 'sip',
});
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const lines = data.toString().split('\r\n');
    if (lines.length < 3) return;
    const copied = lines.filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line))
      .map((line) => (/^To:/i.test(line) && !/;tag=/.test(line) ? `${line};tag=srv` : line));
    const accepts = lines[0].startsWith('REGISTER');
    const removes = lines.some((line) => /^Expires: 0$/i.test(line));
    const contact = lines.filter((line) => accepts && !removes && /^Contact:/i.test(line));
    const first = accepts ? 'SIP/2.0 200 OK' : 'SIP/2.0 603 Decline';
    socket.send([first, ...copied, ...contact, 'Server: ws', 'Content-Length: 0', '', ''].join('\r\n'));
  });
});
setTimeout(() => process.exit(0), 8000);
