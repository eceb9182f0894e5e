import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Everything the pages need is in the build; they are served by the server itself, which allows nothing from elsewhere. */
export default defineConfig({
  base: '/console/',
  plugins: [react(), tailwindcss(), compressed()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // An inlined font or picture would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    target: 'es2023',
  },
  server: {
    host: '127.0.0.1',
    // While the pages are worked on, everything else is asked of a server that runs beside them.
    proxy: { '^/(?!console|shop|src|@|node_modules)': 'http://127.0.0.1:8080' },
  },
})

/** Puts a compressed copy beside every script and style sheet: nobody waits for that while asking. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const assets = join(dir, 'assets')
      for (const name of readdirSync(assets).filter(file => /\.(js|css|svg)$/.test(file))) {
        const path = join(assets, name)
        const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), options))
      }
    },
  }
}
