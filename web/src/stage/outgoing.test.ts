import { expect, test } from "vitest";
import { Disconnected } from "../net/connection";
import { Outgoing, type OutgoingLine } from "./outgoing";
import { user } from "./testing";

const me = user("ana");

/** A line sender whose answers the test gives by hand. */
function sender() {
  const sent: OutgoingLine[] = [];
  const answers: { resolve(ack: { seq: number }): void; reject(error: Error): void }[] = [];
  const outgoing = new Outgoing(
    (line) => {
      sent.push(line);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
    () => `nonce ${sent.length}`,
  );
  const statuses = () => outgoing.lines().map((line) => line.status);
  return { outgoing, sent, answers, statuses };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a line stands at once and goes when it is in the conversation", async () => {
  const { outgoing, answers, statuses } = sender();
  outgoing.say("hello", null);
  expect(statuses()).toEqual(["sending"]);
  answers[0]?.resolve({ seq: 5 });
  await settled();
  expect(statuses()).toEqual(["sent"]);
  outgoing.seen([{ seq: 5, from: me, text: "hello", at_us: 1 }], me.id);
  expect(statuses()).toEqual([]);
});

test("the conversation may be faster than the answer", async () => {
  const { outgoing, answers, statuses } = sender();
  outgoing.say("hello", null);
  outgoing.seen([{ seq: 5, from: me, text: "hello", at_us: 1, nonce: "nonce 0" }], me.id);
  answers[0]?.resolve({ seq: 5 });
  await settled();
  expect(statuses()).toEqual([]);
});

test("after a lost connection the same line goes out under the same nonce", async () => {
  const { outgoing, sent, answers, statuses } = sender();
  outgoing.say("hello", 3);
  answers[0]?.reject(new Disconnected());
  await settled();
  expect(statuses()).toEqual(["waiting"]);
  outgoing.resend();
  expect(sent.map((line) => [line.nonce, line.text, line.replyTo])).toEqual([
    ["nonce 0", "hello", 3],
    ["nonce 0", "hello", 3],
  ]);
});

test("who waits for a line's number gets it over a lost connection, and hears of a refusal", async () => {
  const { outgoing, answers } = sender();
  outgoing.say("hello", null);
  const arrival = outgoing.arrival(outgoing.lines()[0] as OutgoingLine);
  answers[0]?.reject(new Disconnected());
  await settled();
  outgoing.resend();
  answers[1]?.resolve({ seq: 5 });
  expect(await arrival).toBe(5);
  outgoing.say("again", null);
  const refused = outgoing.arrival(outgoing.lines()[1] as OutgoingLine);
  answers[2]?.reject(new Error("too fast"));
  await expect(refused).rejects.toThrow("too fast");
});

test("a refused line waits for its author's decision", async () => {
  const { outgoing, answers, statuses } = sender();
  outgoing.say("hello", null);
  answers[0]?.reject(new Error("too long"));
  await settled();
  expect(statuses()).toEqual(["failed"]);
  outgoing.resend();
  expect(answers).toHaveLength(1);
  outgoing.forget("nonce 0");
  expect(statuses()).toEqual([]);
});

test("what was not taken outlasts the page, and waits for its author's decision", async () => {
  let kept: OutgoingLine[] = [];
  const store = {
    read: () => kept,
    write: (lines: readonly OutgoingLine[]) => {
      kept = [...lines];
    },
  };
  const lost = new Outgoing(
    () => Promise.reject(new Disconnected()),
    () => "n",
    store,
  );
  lost.say("hello", null);
  await settled();
  const sent: string[] = [];
  const send = async (line: OutgoingLine) => {
    sent.push(line.nonce);
    return { seq: 5 };
  };
  const next = new Outgoing(send, undefined, store);
  next.resend();
  expect([next.lines().map((line) => [line.text, line.status]), sent]).toEqual([[["hello", "failed"]], []]);
  next.again("n");
  await settled();
  next.seen([{ seq: 5, from: me, text: "hello", at_us: 1, nonce: "n" }], me.id);
  expect([sent, kept]).toEqual([["n"], []]);
});

test("lines have names of their own where the page came by plain http", () => {
  const { randomUUID } = crypto;
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true, writable: true });
  try {
    const outgoing = new Outgoing(() => new Promise(() => undefined));
    outgoing.say("one", null);
    outgoing.say("two", null);
    const nonces = outgoing.lines().map((line) => line.nonce);
    expect(new Set(nonces).size).toBe(2);
  } finally {
    Object.defineProperty(crypto, "randomUUID", { value: randomUUID, configurable: true, writable: true });
  }
});
