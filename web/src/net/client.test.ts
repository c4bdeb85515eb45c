import { expect, test } from "vitest";
import { problem, url } from "./client";

test("empty parameters stay out of the address", () => {
  expect(url("/songs", { q: "", after: null, limit: 100, sort: "title" })).toBe("/api/v1/songs?limit=100&sort=title");
  expect(url("/songs", { q: "a&b" })).toBe("/api/v1/songs?q=a%26b");
});

test("a problem document keeps its code and its fields", () => {
  const error = problem(422, {
    code: "invalid",
    detail: "two fields are wrong",
    errors: [{ field: "email", message: "is no address" }],
  });
  expect(error.code).toBe("invalid");
  expect(error.field("email")).toBe("is no address");
  expect(error.field("username")).toBeUndefined();
});

test("an answer that is no problem document has its status as code", () => {
  expect(problem(502, null).code).toBe("http_502");
  expect(problem(429, {}, "30").retryAfter).toBe(30);
});
