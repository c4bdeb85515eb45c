import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";
import { icons } from "./icons.ts";
import { pack } from "./pack.ts";
import { worker } from "./worker.ts";

/** Where `npm run dev` finds a running Octave. */
const server = process.env.OCTAVE_DEV_SERVER ?? "http://127.0.0.1:8080";

// The first with popovers, which menus are; `browser.ts` says so to older ones.
const target = ["chrome114", "firefox125", "safari17"];

export default defineConfig({
  plugins: [solid({ hot: false }), icons(), worker(target), pack()],
  build: {
    target,
    // build.rs asks for the directory Cargo gave it.
    outDir: process.env.OCTAVE_WEB_OUT ?? "dist",
    emptyOutDir: true,
    // An inlined asset would be a data: URL, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    proxy: {
      // The server trusts its own origin alone, so it must see the address that the browser sees.
      "/api": { target: server, changeOrigin: false },
      "/ws": { target: server, changeOrigin: false, ws: true },
    },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.ts"],
  },
});
