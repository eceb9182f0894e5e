// Makes what the npm package carries: compiled sources, migrations, the pages, and the script of the API page.
import { execFileSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' })
cpSync('src/persistence/migrations', 'dist/persistence/migrations', { recursive: true })
execFileSync('node_modules/.bin/vite', ['build', 'web', '--logLevel', 'warn'], { stdio: 'inherit' })
cpSync('node_modules/@scalar/api-reference/dist/browser/standalone.js', 'dist/docs/standalone.js')
