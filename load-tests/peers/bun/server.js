// Bun's own publish: a topic per room, the speaker included.
const [port] = process.argv.slice(2);

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  fetch(request, server) {
    const room = new URL(request.url).pathname;
    return server.upgrade(request, { data: room }) ? undefined : new Response("rooms only", { status: 400 });
  },
  websocket: {
    open: (socket) => socket.subscribe(socket.data),
    message: (socket, line) => void socket.publish(socket.data, line),
    publishToSelf: true,
    perMessageDeflate: false,
  },
});
