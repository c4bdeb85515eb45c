// Shows /api/v1/openapi.json, grouped by tag. All text goes in as text, never as markup.

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(name, text, ...children) {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  node.append(...children);
  return node;
}

/** The schema that a reference names, or the schema itself. */
function resolve(api, schema) {
  const name = schema?.$ref?.split("/").pop();
  return name ? api.components.schemas[name] : schema;
}

/** A schema as a few lines that look like the JSON it admits. */
function shape(api, schema, indent = "", seen = []) {
  if (!schema) return "any";
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    if (seen.includes(name)) return name;
    return shape(api, resolve(api, schema), indent, [...seen, name]);
  }
  const any = schema.oneOf ?? schema.anyOf;
  if (any) return any.map((s) => shape(api, s, indent, seen)).join(" | ");
  if (schema.allOf) {
    const merged = schema.allOf.map((s) => resolve(api, s));
    return shape(api, { type: "object", properties: Object.assign({}, ...merged.map((s) => s.properties)) }, indent, seen);
  }
  if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(" | ");
  const type = [schema.type].flat().join(" | ") || "any";
  if (type.startsWith("array")) return `[${shape(api, schema.items, indent, seen)}, …]`;
  if (!schema.properties) return type;
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties).map(([name, field]) => {
    const optional = schema.required && !schema.required.includes(name) ? "?" : "";
    const note = field.description ? `   // ${field.description.split("\n")[0]}` : "";
    return `${inner}${name}${optional}: ${shape(api, field, inner, seen)},${note}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

function parameters(operation) {
  if (!operation.parameters?.length) return [];
  const list = element("dl");
  for (const p of operation.parameters) {
    const what = [p.in, p.required ? "required" : "optional", p.description].filter(Boolean).join(" · ");
    list.append(element("dt", p.name), element("dd", what));
  }
  return [element("h3", "Parameters"), list];
}

function bodies(api, title, content) {
  return Object.entries(content ?? {}).flatMap(([type, { schema }]) => [
    element("h3", `${title} · ${type}`),
    element("pre", shape(api, schema)),
  ]);
}

function show(api, path, method, operation) {
  const name = element("code", path);
  const verb = element("code", method.toUpperCase());
  verb.className = "method";
  const head = element("summary", "", verb, name, element("span", operation.summary));
  const inside = element("div");
  if (operation.description) inside.append(element("p", operation.description));
  const ways = operation.security ?? [];
  const login = ways.length > 0 && ways.every((way) => Object.keys(way).length > 0);
  inside.append(element("p", login ? "Needs a login." : "Open to guests."));
  inside.append(...parameters(operation), ...bodies(api, "Body", operation.requestBody?.content));
  for (const [status, named] of Object.entries(operation.responses)) {
    const reply = named.$ref ? api.components.responses[named.$ref.split("/").pop()] : named;
    const replies = bodies(api, `${status} ${reply.description}`, reply.content);
    inside.append(...(replies.length ? replies : [element("h3", `${status} ${reply.description}`)]));
  }
  const details = element("details", "", head, inside);
  details.dataset.words = `${method} ${path} ${operation.summary ?? ""}`.toLowerCase();
  return details;
}

function render(api) {
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((m) => item[m])) {
      const tag = item[method].tags?.[0] ?? "other";
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(show(api, path, method, item[method]));
    }
  }
  const sections = [...groups].map(([tag, all]) => element("section", "", element("h2", tag), ...all));
  document.getElementById("about").textContent = api.info.description;
  document.getElementById("operations").replaceChildren(...sections);
}

function find(event) {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll("section")) {
    let any = false;
    for (const details of section.querySelectorAll("details")) {
      details.hidden = !words.every((w) => details.dataset.words.includes(w));
      any ||= !details.hidden;
    }
    section.hidden = !any;
  }
}

try {
  const reply = await fetch("/api/v1/openapi.json");
  if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
  render(await reply.json());
  document.getElementById("find").addEventListener("input", find);
} catch (error) {
  document.getElementById("operations").replaceChildren(element("p", `The specification could not be read: ${error.message}`));
}
