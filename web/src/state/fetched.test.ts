import { createRoot, createSignal } from "solid-js";
import { expect, test } from "vitest";
import { createFetched } from "./fetched";

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A question of which the test gives the answers by hand. */
function scene() {
  const asked: string[] = [];
  const answers: { resolve(answer: string): void; reject(error: Error): void }[] = [];
  const [about, setAbout] = createSignal("a");
  const ask = (question: string) => {
    asked.push(question);
    return new Promise<string>((resolve, reject) => answers.push({ resolve, reject }));
  };
  return createRoot((dispose) => ({ asked, answers, setAbout, dispose, fetched: createFetched(about, ask) }));
}

test("a failure leaves what was shown, and a later answer clears it", async () => {
  const { fetched, answers } = scene();
  answers[0]?.resolve("first");
  await settled();
  void fetched.again();
  answers[1]?.reject(new Error("away"));
  await settled();
  expect([fetched.value(), fetched.error()]).toEqual(["first", new Error("away")]);
  void fetched.again();
  expect(fetched.loading()).toBe(true);
  answers[2]?.resolve("second");
  await settled();
  expect([fetched.value(), fetched.error(), fetched.loading()]).toEqual(["second", null, false]);
});

test("an older question's answer is not taken", async () => {
  const { fetched, answers, asked, setAbout } = scene();
  setAbout("b");
  expect(asked).toEqual(["a", "b"]);
  answers[1]?.resolve("of b");
  answers[0]?.resolve("of a");
  await settled();
  expect(fetched.value()).toBe("of b");
});
