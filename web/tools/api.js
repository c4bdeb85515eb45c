// Writes web/src/net/api.gen.ts from protocol/openapi.json; with `--check` it says whether the file is what it would write.
//
// Types that the WebSocket speaks of too are taken from web/src/protocol/gen.ts, so that a stage is one type however it came.

import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const at = (path) => new URL(`../../${path}`, import.meta.url);
const OUT = at("web/src/net/api.gen.ts");

const document = JSON.parse(await readFile(at("protocol/openapi.json"), "utf8"));
const protocol = await readFile(at("web/src/protocol/gen.ts"), "utf8");
const spoken = new Set([...protocol.matchAll(/^export type (\w+)/gm)].map((found) => found[1]));
const shared = Object.keys(document.components.schemas).filter((name) => spoken.has(name));

/** Every code that some operation documents. */
const codes = Object.values(document.components.responses).flatMap((response) =>
  response.content["application/problem+json"].schema.allOf.flatMap((part) => part.properties?.code.enum ?? []),
);

const named = (name) => ts.factory.createTypeReferenceNode(name);

function typeOf(schema, { path = "" }) {
  const name = path.match(/^#\/components\/schemas\/(\w+)$/)?.[1];
  if (name && spoken.has(name)) return named(name);
  return schema.format === "binary" ? named("Blob") : undefined;
}

// A picture is sent as the file that it is; the document lists its bytes.
for (const operation of Object.values(document.paths).flatMap(Object.values)) {
  const picture = operation.requestBody?.content["image/*"];
  if (picture) picture.schema = { type: "string", format: "binary" };
}

// Lists repeat what they list: they mean the type of that name.
for (const [name, list] of Object.entries(document.components.schemas)) {
  const [, of] = name.match(/^Listed_(\w+)$/) ?? [];
  if (of in document.components.schemas) list.properties.items.items = { $ref: `#/components/schemas/${of}` };
}

const header = `// Generated from protocol/openapi.json by \`scripts/generate\`; don't edit.

import type { ${shared.sort().join(", ")} } from "../protocol/gen";

/** The stable \`code\` of a problem document. */
export type ProblemCode = ${[...new Set(codes)]
  .sort()
  .map((code) => JSON.stringify(code))
  .join(" | ")};

`;
const text = header + astToString(await openapiTS(document, { transform: typeOf }));

if (!process.argv.includes("--check")) {
  await writeFile(OUT, text);
} else if ((await readFile(OUT, "utf8").catch(() => "")) !== text) {
  console.error("web/src/net/api.gen.ts is stale; run scripts/generate and commit what it writes");
  process.exit(1);
}
