import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Timeline } from "../protocol";
import { HandoverSpeaker } from "./handover";

/** A speaker that notes what it is asked for. */
function speaker(doubt: number) {
  const asked: string[] = [];
  return {
    asked,
    corrections: { slews: 0, anchors: 0, speed: 1 },
    errorUs: null,
    audible: false,
    running: true,
    interrupted: false,
    setTimeline: (t: Timeline) => void asked.push(`timeline ${t.rev}`),
    setVolume: (volume: number) => void asked.push(`volume ${volume}`),
    setOffset: (us: number) => void asked.push(`offset ${us}`),
    prime: () => void asked.push("prime"),
    rest: () => void asked.push("rest"),
    tick: () => void asked.push("tick"),
    expect: () => undefined,
    ready: () => true,
    positionUs: () => 0,
    faultNow: () => null,
    latencyUs: () => undefined,
    unreckonedUs: 0,
    doubtUs: () => doubt,
    scatterUs: () => undefined,
    carry: () => undefined,
    reclaim: () => undefined,
    resume: () => Promise.resolve(),
    destroy: () => undefined,
  };
}

const page = { hidden: false };
beforeEach(() => {
  page.hidden = false;
  vi.stubGlobal("document", page);
});
afterEach(() => vi.unstubAllGlobals());

const stated = (rev: number) => ({ rev }) as Timeline;

async function onPhone(isPhone = true) {
  const [main, standIn] = [speaker(1_000), speaker(80_000)];
  const both = new HandoverSpeaker(main, () => standIn, isPhone);
  both.setVolume(0.5);
  both.setTimeline(stated(1), 0);
  await both.resume();
  return { main, standIn, both };
}

function lock(main: { running: boolean; interrupted: boolean; audible: boolean }) {
  page.hidden = true;
  Object.assign(main, { running: false, interrupted: true, audible: false });
}

test("behind the lock screen an element goes on, with its own wider bound", async () => {
  const { main, standIn, both } = await onPhone();
  both.tick(1);
  expect(standIn.asked).toEqual(["volume 0.5", "offset 0", "prime"]);
  lock(main);
  both.tick(2);
  expect(standIn.asked.slice(3)).toEqual(["timeline 1", "tick"]);
  expect([both.running, both.doubtUs(2)]).toEqual([true, 80_000]);
  both.setTimeline(stated(2), 3);
  expect(standIn.asked.at(-1)).toBe("timeline 2");
  expect(main.asked.at(-1)).toBe("timeline 2");
});

test("it rests once the main sound is heard again, not before", async () => {
  const { main, standIn, both } = await onPhone();
  lock(main);
  both.tick(1);
  Object.assign(standIn, { audible: true });
  page.hidden = false;
  both.tick(2);
  expect(standIn.asked).not.toContain("rest");
  Object.assign(main, { running: true, interrupted: false });
  both.tick(3);
  expect(standIn.asked).not.toContain("rest");
  main.audible = true;
  both.tick(4);
  expect(standIn.asked.at(-1)).toBe("rest");
  expect(both.doubtUs(4)).toBe(1_000);
});

test("an interruption that is seen, a page that merely is hidden, and a computer need none", async () => {
  const seen = await onPhone();
  lock(seen.main);
  page.hidden = false;
  seen.both.tick(1);
  const hidden = await onPhone();
  page.hidden = true;
  hidden.both.tick(1);
  for (const { standIn } of [seen, hidden]) expect(standIn.asked).toEqual(["volume 0.5", "offset 0", "prime"]);
  const computer = await onPhone(false);
  lock(computer.main);
  computer.both.tick(1);
  expect(computer.standIn.asked).toEqual([]);
});
