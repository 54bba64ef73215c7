// The interface's sources in, what the hub serves out: one page, its script and style, and parts that are loaded when a screen asks for them.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    target: 'es2023',
    // The page's policy permits no data: scripts, and names of one folder at most.
    assetsInlineLimit: 0,
    assetsDir: 'assets',
    modulePreload: { polyfill: false },
  },
});
