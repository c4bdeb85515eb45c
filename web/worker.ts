import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "vite";

/** What the page names besides: it stands on the screen while the server does not answer. */
const BESIDE = ["/icon.svg"];

/** Builds the service worker, which is told what this build's shell is made of: what the page itself asks for. */
export function worker(target: string[]): Plugin {
  let out = "";
  return {
    name: "octave:worker",
    apply: "build",
    configResolved(config) {
      out = config.build.outDir;
    },
    async writeBundle() {
      const page = await readFile(join(out, "index.html"), "utf8");
      const named = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].flatMap(([, path]) => path ?? []);
      if (named.length === 0) this.error("the page names none of its files");
      const version = createHash("sha256").update(page).digest("hex").slice(0, 16);
      await build({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        define: { __SHELL__: JSON.stringify({ version, files: [...named, ...BESIDE] }) },
        build: {
          target,
          outDir: out,
          emptyOutDir: false,
          // All browsers know a worker that is one plain script.
          lib: { entry: "src/worker/worker.ts", formats: ["iife"], name: "octave", fileName: () => "sw.js" },
        },
      });
    },
  };
}
