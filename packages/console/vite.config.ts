import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Writes a Brotli twin beside each text file, so that the server compresses nothing while somebody waits. */
function brotli(): Plugin {
  let folder = ''
  return {
    name: 'brotli',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(?:js|css|html|svg)$/.test(name)) continue
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
        writeFileSync(
          join(folder, `${name}.br`),
          brotliCompressSync(readFileSync(join(folder, name)), { params }),
        )
      }
    },
  }
}

/** The console is served under /_omen/ by the server itself: it never asks another host for anything. */
export default defineConfig({
  base: '/_omen/',
  plugins: [react(), brotli()],
  resolve: { conditions: ['@omen/source', 'module', 'browser', 'production'] },
  build: {
    target: 'es2024',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_200,
    reportCompressedSize: false,
    license: { fileName: 'LICENSES.md' }, // of the libraries that are part of what is built
    rolldownOptions: {
      output: {
        // Parts that change for different reasons are cached apart.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|wouter|@tanstack)[\\/]/ },
            {
              name: 'editor',
              test: /node_modules[\\/](@codemirror|@lezer|codemirror|crelt|style-mod|w3c-keyname)[\\/]/,
            },
          ],
        },
      },
    },
  },
})
