// ws as its documentation broadcasts: a loop over the room's sockets.
import { WebSocketServer } from "ws";

const [port] = process.argv.slice(2);
const rooms = new Map();
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(port), perMessageDeflate: false, clientTracking: false });

server.on("connection", (socket, request) => {
  const room = rooms.get(request.url) ?? new Set();
  rooms.set(request.url, room.add(socket));
  socket.on("message", (line) => {
    for (const member of room) member.send(line, { binary: false });
  });
  socket.on("close", () => room.delete(socket));
});
