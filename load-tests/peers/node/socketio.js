// socket.io over WebSocket alone: an event to all in a room.
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port] = process.argv.slice(2);
const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });

io.on("connection", (socket) => {
  const { room } = socket.handshake.query;
  socket.join(room);
  socket.on("m", (line) => io.to(room).emit("m", line));
});
http.listen(Number(port), "127.0.0.1");
