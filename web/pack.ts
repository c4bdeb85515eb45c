import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(css|html|js|svg)$/;
/** Below this a packed copy saves nothing that a network packet would notice. */
const WORTH_BYTES = 1024;

/** Puts a gzip and a brotli copy beside each text file, so that the server never compresses anything itself. */
export function pack(): Plugin {
  let out = "";
  return {
    name: "octave:pack",
    apply: "build",
    configResolved(config) {
      out = config.build.outDir;
    },
    async closeBundle() {
      const names = await readdir(out, { recursive: true });
      await Promise.all(
        names
          .filter((name) => TEXT.test(name))
          .map(async (name) => {
            const file = join(out, name);
            const plain = await readFile(file);
            if (plain.length < WORTH_BYTES) return;
            await writeFile(`${file}.gz`, await promisify(gzip)(plain, { level: 9 }));
            await writeFile(`${file}.br`, await promisify(brotliCompress)(plain));
          }),
      );
    },
  };
}
