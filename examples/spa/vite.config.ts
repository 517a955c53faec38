import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const client = `${import.meta.dirname}/../../clients/js/src`;

export default defineConfig({
  plugins: [react()],
  // In this repository the client is taken as it is written. In yours, delete these lines and the
  // `paths` of tsconfig.json: npm finds the package.
  resolve: {
    alias: {
      "lean-flask-client/react": `${client}/react/index.ts`,
      "lean-flask-client": `${client}/index.ts`,
    },
  },
  server: { port: 5173, strictPort: true, fs: { allow: ["../.."] } },
});
