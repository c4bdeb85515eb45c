import { expect, test } from "vitest";
import { ApiError } from "../net/client";
import { createSending } from "./sending";

const event = () => ({ preventDefault() {} }) as SubmitEvent;

test("a form is not sent twice at once", async () => {
  let sent = 0;
  let answer = () => {};
  const form = createSending([], () => {
    sent += 1;
    return new Promise((done) => (answer = done));
  });
  const first = form.submit(event());
  await form.submit(event());
  expect(sent).toBe(1);
  expect(form.busy()).toBe(true);
  answer();
  await first;
  expect(form.busy()).toBe(false);
});

test("what the server names stands beside the field, all else below, until the next try", async () => {
  const failures = [
    new ApiError(422, "invalid_field", "Something is wrong", [{ field: "name", message: "must not be empty" }]),
    new ApiError(409, "email_taken", "Somebody has it"),
    new ApiError(503, "storage_unavailable", "Later"),
  ];
  const form = createSending(["name", "email"], async () => {
    const failure = failures.shift();
    if (failure) throw failure;
  });
  await form.submit(event());
  expect(form.beside("name")).toBe("It must not be empty.");
  expect(form.below()).toBeUndefined();
  await form.submit(event());
  expect(form.beside("name")).toBeUndefined();
  expect(form.beside("email")).toBeTruthy();
  await form.submit(event());
  expect(form.below()).toBeTruthy();
  await form.submit(event());
  expect(form.below()).toBeUndefined();
});
