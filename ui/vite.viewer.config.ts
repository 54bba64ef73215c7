// The viewer's sources in, one HTML file out: script and style inline, so it opens from disk with no server and no network.
import { createHash } from 'node:crypto';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** A Content-Security-Policy source for one inline block. Source: CSP Level 3, section 2.3.1. */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** What the page shows was written by an agent: nothing but these two blocks may run or load, and no connection may be made. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashSource(script)}`,
    `style-src ${hashSource(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function singleFile(): Plugin {
  return {
    name: 'leash-single-file',
    enforce: 'post',
    generateBundle(_options, bundle) {
      let script = '';
      let style = '';
      for (const [name, output] of Object.entries(bundle)) {
        if (name.endsWith('.html')) continue;
        if (output.type === 'chunk') script += output.code;
        else if (name.endsWith('.css')) style += String(output.source);
        else throw new Error(`${name} would have to be loaded; the viewer is one file`);
        delete bundle[name];
      }
      script = script.replaceAll('</script', '<\\/script');
      const page = bundle['viewer.html'];
      if (page?.type !== 'asset') throw new Error('viewer.html is not in the bundle');
      const head = String(page.source)
        .replaceAll(/\s*<script type="module"[^>]*><\/script>|\s*<link rel="stylesheet"[^>]*>/g, '')
        .replace(
          '<head>',
          `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy(script, style)}" />`,
        );
      // Replacement functions: `$&` and the like may occur in the script.
      page.source = head
        .replace('</head>', () => `<style>${style}</style></head>`)
        .replace('</body>', () => `<script type="module">${script}</script></body>`);
    },
  };
}

export default defineConfig({
  plugins: [react(), singleFile()],
  build: {
    outDir: '../dist/ui',
    emptyOutDir: false,
    rolldownOptions: { input: 'viewer.html' },
    target: 'es2023',
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
