import { expect, test } from "vitest";
import { ApiError, clientOf, picture, problem, told } from "./client";

/** Answers every request with this, and tells what was asked. */
function server(answer: () => Response) {
  const asked: Request[] = [];
  const fetch = async (request: Request) => {
    asked.push(request);
    return answer();
  };
  return { asked, api: clientOf({ baseUrl: "http://here.example", fetch }) };
}

test("empty parameters stay out of the address", async () => {
  const { asked, api } = server(() => Response.json({ items: [] }));
  await api.GET("/api/v1/songs", { params: { query: { q: "", limit: 100, sort: "title" } } });
  await api.GET("/api/v1/songs", { params: { query: { q: "a&b" } } });
  const addresses = asked.map(({ url }) => url.replace("http://here.example", ""));
  expect(addresses).toEqual(["/api/v1/songs?limit=100&sort=title", "/api/v1/songs?q=a%26b"]);
});

test("a name is one part of the address, whatever it holds", async () => {
  const { asked, api } = server(() => new Response(null, { status: 204 }));
  await api.PUT("/api/v1/blocks/{username}", { params: { path: { username: "a/b ?" } } });
  expect(asked[0]?.url).toBe("http://here.example/api/v1/blocks/a%2Fb%20%3F");
});

test("a picture is sent as it is", async () => {
  const { asked, api } = server(() => Response.json({}));
  await api.PUT("/api/v1/me/avatar", picture(new File(["bytes"], "me.png", { type: "image/png" })));
  expect(asked[0]?.headers.get("content-type")).toBe("image/png");
  expect(await asked[0]?.text()).toBe("bytes");
});

test("what is refused is thrown with its code", async () => {
  const refused = () =>
    Response.json({ code: "rate_limited", detail: "too often" }, { status: 429, headers: { "retry-after": "30" } });
  const { api } = server(refused);
  const failure = await told(api.GET("/api/v1/me")).catch((error: unknown) => error);
  expect(failure).toEqual(new ApiError(429, "rate_limited", "too often", [], 30));
});

test("no answer at all is a failure of its own", async () => {
  const { api } = server(() => {
    throw new TypeError("Failed to fetch");
  });
  await expect(told(api.GET("/api/v1/me"))).rejects.toMatchObject({ status: 0, code: "offline" });
});

test("a problem document keeps its code and its fields", () => {
  const error = problem(422, {
    code: "invalid_field",
    detail: "two fields are wrong",
    errors: [{ field: "email", message: "is no address" }],
  });
  expect(error.code).toBe("invalid_field");
  expect(error.field("email")).toBe("is no address");
  expect(error.field("username")).toBeUndefined();
});

test("an answer that is no problem document has its status as code", () => {
  expect(problem(502, null).code).toBe("http_502");
  expect(problem(429, {}, "30").retryAfter).toBe(30);
});
