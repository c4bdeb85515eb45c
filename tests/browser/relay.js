// A line to the server of which the speed is known: all connections through it share so many bytes a second.
import { once } from "node:events";
import { connect, createServer } from "node:net";

const TICK_MS = 20;

export class Relay {
  /** Bytes a second from the server; none is held back at infinity. */
  speed = Infinity;
  /** Bytes that went through from the server. */
  carried = 0;
  #server;
  #waiting = [];
  #sockets = new Set();
  #timer;

  static async to(url) {
    const relay = new Relay();
    const { port } = new URL(url);
    relay.#server = createServer((near) => relay.#join(near, connect(Number(port), "127.0.0.1"))).listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    relay.#timer = setInterval(() => relay.#pass(), TICK_MS);
    relay.url = `http://127.0.0.1:${relay.#server.address().port}`;
    return relay;
  }

  stop() {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(near, far) {
    for (const [socket, other] of [[near, far], [far, near]]) {
      this.#sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.end();
      });
    }
    near.pipe(far);
    far.on("data", (data) => {
      if (this.speed === Infinity) {
        this.carried += data.length;
        return near.write(data);
      }
      far.pause();
      this.#waiting.push({ near, far, data });
    });
  }

  /** Who waits longest is served first, a packet's worth at a time. */
  #pass() {
    for (let left = (Math.min(this.speed, 1e9) * TICK_MS) / 1e3; left > 0 && this.#waiting.length > 0; ) {
      const one = this.#waiting.shift();
      if (one.near.destroyed) continue;
      const part = one.data.subarray(0, Math.min(left, 1_460));
      one.near.write(part);
      this.carried += part.length;
      left -= part.length;
      one.data = one.data.subarray(part.length);
      if (one.data.length > 0) this.#waiting.push(one);
      else one.far.resume();
    }
  }
}
