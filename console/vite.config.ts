import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const gateway = process.env.SWITCHBOARD_URL ?? 'http://127.0.0.1:8080';
// Asked for by the crate that embeds the console.
const outDir = process.env.CONSOLE_OUT_DIR ?? 'dist';

/** Leaves `file.br` and `file.gz` beside each file that is worth it, so that the gateway never compresses. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async closeBundle() {
      const files = (await readdir(outDir, { recursive: true })).filter((name) => /\.(js|css|svg|json)$/.test(name));
      for (const name of files) {
        const path = join(outDir, name);
        const bytes = await readFile(path);
        if (bytes.length < 1024) continue;
        await writeFile(`${path}.br`, brotliCompressSync(bytes));
        await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  // The build makes its own tags: these carry the page's nonce too.
  html: { cspNonce: '__NONCE__' },
  resolve: { alias: { '~': new URL('./src', import.meta.url).pathname } },
  build: {
    outDir,
    emptyOutDir: true,
    // Inlined assets would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        // What several pages share would be hundreds of files of a few bytes each; so icons are one.
        codeSplitting: {
          groups: [
            { name: 'icons', test: /@tabler[\\/]icons-react/, minShareCount: 2 },
            // The same of what nearly every page stands on: forty files would take turns on six connections.
            { name: 'shared', test: /node_modules/, minShareCount: 6 },
          ],
        },
      },
    },
  },
  // `npm run dev` shows the sources as they are, against a gateway that runs elsewhere.
  server: { port: 5173, proxy: { '/api': { target: gateway }, '/openapi.json': gateway, '/webhook': gateway } },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
