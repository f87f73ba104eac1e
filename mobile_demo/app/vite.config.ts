import { defineConfig } from "vite";
import { licences } from "./server/licencesPlugin.ts";
import { serviceWorker } from "./server/serviceWorkerPlugin.ts";

export default defineConfig({
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // everything is a file, so that everything is in the list of hashes
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
  },
  worker: { format: "es" },
  plugins: [licences(), serviceWorker()],
});
