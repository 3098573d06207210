import { defineConfig } from 'vitest/config';

/** Tests with a real gateway and a real browser: one after another, each with patience. */
export default defineConfig({
  test: {
    include: ['e2e/*.e2e.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    bail: 1,
  },
});
