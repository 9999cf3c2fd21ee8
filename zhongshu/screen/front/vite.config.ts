import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    modulePreload: false,
    // Nothing may become a data: address: the content security policy names only our own files.
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: {
        app: "src/app.ts",
        map: "src/map.ts",
        areas: "src/areas.ts",
        live: "src/live.ts",
        wall: "src/wall.ts",
        report: "src/report.ts",
        operator: "src/operator.ts",
        field: "src/field.ts",
        visit: "src/visit.ts",
        nearby: "src/nearby.ts",
        fieldworker: "src/fieldworker.ts",
        style: "src/style/style.css",
        mapstyle: "src/style/map.css",
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
