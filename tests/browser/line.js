// A person's line to the server, which a test can cut and mend.

export class Line {
  #open = true;
  #sockets = new Set();
  #page;

  constructor(page) {
    this.#page = page;
  }

  /** Of somebody who has just come. */
  static async of(person) {
    const line = new Line(person.page);
    await person.page.routeWebSocket("**/ws", (socket) => {
      if (!line.#open) return void socket.close({ code: 1001 });
      const server = socket.connectToServer();
      line.#sockets.add({ socket, server });
      // Frames that a mock passes on are not seen by the browser's own record of them.
      socket.onMessage((frame) => {
        person.sent.push(JSON.parse(frame));
        server.send(frame);
      });
    });
    await person.reloads();
    return line;
  }

  async cut() {
    this.#open = false;
    for (const { socket, server } of this.#sockets) {
      await socket.close({ code: 1001 });
      await server.close();
    }
    this.#sockets.clear();
  }

  /** The browser notices, as it does when a network is back, so nobody waits for the next attempt. */
  async mend() {
    this.#open = true;
    await this.#page.evaluate(() => dispatchEvent(new Event("online")));
  }
}
