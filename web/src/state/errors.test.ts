import { expect, test } from "vitest";
import { ApiError, problem } from "../net/client";
import { Refused } from "../net/connection";
import { explain, explainField } from "./errors";

test("the server's reason for a refusal is told, in a sentence", () => {
  const refused = problem(403, { code: "forbidden", detail: "only who uploaded a song may change it" });
  expect(explain(refused)).toBe("Only who uploaded a song may change it.");
  expect(explain(new Refused("invalid_field", "`position` is outside the queue", null))).toBe("Position is outside the queue.");
});

test("what a field must be is said of the field", () => {
  expect(explainField("must have 3 to 32 characters")).toBe("It must have 3 to 32 characters.");
  expect(explainField("there is no such song")).toBe("There is no such song.");
  const wrong = problem(422, {
    code: "invalid_field",
    detail: "username: is you",
    errors: [{ field: "username", message: "is you" }],
  });
  expect(explain(wrong)).toBe("That is you.");
});

test("who was too fast is told for how long", () => {
  expect(explain(new ApiError(429, "rate_limited", "too many requests", [], 30))).toMatch(/30 seconds/);
  expect(explain(new Refused("rate_limited", "too many requests", 400))).toMatch(/a moment/);
});

test("a proxy's page has no words for people", () => {
  expect(explain(problem(502, null))).toMatch(/does not answer/);
});
