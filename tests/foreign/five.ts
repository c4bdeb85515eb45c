// Five calls by what openapi-typescript makes of the document; tsc has looked at them before they run.
import createClient from "openapi-fetch";
import type { paths } from "./made/api.js";

const baseUrl = process.argv[2] ?? "";

function got<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

const guest = createClient<paths>({ baseUrl });
const body = { username: "typed", email: "typed@example.org", password: "correct horse" };
const { token, user } = got(await guest.POST("/api/v1/auth/register", { body }));

const mine = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });
const changed = got(await mine.PATCH("/api/v1/me", { body: { bio: "By types alone." } }));
const stage = got(await mine.POST("/api/v1/stages", { body: { name: "Typed", genres: ["ambient"], adding: "everyone" } }));
const found = got(await guest.GET("/api/v1/stages", { params: { query: { q: "typed", limit: 5 } } }));
const refused = await guest.GET("/api/v1/stages/{id}", { params: { path: { id: stage.id + 1_000 } } });

const told = {
  name: user.username,
  bio: changed.bio,
  adding: stage.adding,
  found: found.items.map((one) => one.name),
  refused: refused.error?.code,
};
console.log(JSON.stringify(told));
