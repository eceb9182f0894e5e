import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { describe, expect, it } from 'vitest'

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
}

interface Locked {
  readonly version: string
  readonly integrity?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly optional?: boolean
  readonly inBundle?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, Locked & Partial<Manifest>>>
}
const locked = Object.entries(packages).filter(([path]) => path !== '')
const direct = { ...manifest.dependencies, ...manifest.devDependencies }

/** `node_modules/a/node_modules/@b/c` is `@b/c`. */
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** What docs/SECURITY.md says each dependency is for. */
const reasons = new Map(
  [...readFileSync('docs/SECURITY.md', 'utf8').matchAll(/^\| `([^`]+)` \| ([^|]+) \|$/gm)].map(
    ([, name, reason]) => [name ?? '', (reason ?? '').trim()] as const,
  ),
)

describe('the lock file', () => {
  it('is in step with package.json', () => {
    const { dependencies, devDependencies } = packages[''] ?? {}
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    })
    for (const [name, version] of Object.entries(direct)) {
      expect(packages[`node_modules/${name}`]?.version, name).toBe(version)
    }
  })

  it('takes everything from the registry, and knows what it has to be', () => {
    for (const [path, { resolved, integrity, optional, os, cpu, version, inBundle }] of locked) {
      expect(resolved ?? 'https://registry.npmjs.org/', path).toMatch(/^https:\/\/registry\.npmjs\.org\//)
      expect(version, path).toMatch(/^\d+\.\d+\.\d+/)
      // Binaries for machines that this is not made for are never installed where the lock file is written.
      const isElsewhere = optional === true && (os !== undefined || cpu !== undefined)
      // What is bundled comes within what it is bundled in.
      if (!isElsewhere && inBundle !== true) expect(integrity, path).toMatch(/^sha512-/)
    }
    expect(locked.length).toBeGreaterThan(100)
  })
})

describe('a direct dependency', () => {
  it('is of one exact version', () => {
    for (const [name, version] of Object.entries(direct)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('has a reason in docs/SECURITY.md, and nothing else has', () => {
    expect([...reasons.keys()].sort()).toEqual(Object.keys(direct).sort())
    for (const [name, reason] of reasons) expect(reason.length, name).toBeGreaterThan(15)
  })

  it('of production is one of few', () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(16)
  })

  it('is all that the source imports', () => {
    const imported = globSync('src/**/*.ts').flatMap(path =>
      [...readFileSync(path, 'utf8').matchAll(/(?:from|import) '([^'.][^']*)'/g)].map(
        ([, from]) => from ?? '',
      ),
    )
    const names = imported
      .filter(from => !from.startsWith('node:'))
      .map(from =>
        from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    expect([...new Set(names)].filter(name => !(name in manifest.dependencies))).toEqual([])
    expect(imported.filter(from => builtinModules.includes(from))).toEqual([])
  })
})

describe('an install script', () => {
  const scripted = [
    ...new Set(locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path))),
  ]

  it('is decided about by name', () => {
    expect(scripted.filter(name => !(name in manifest.allowScripts))).toEqual([])
  })

  it('is run for nothing but the pinned Node', () => {
    const allowed = Object.entries(manifest.allowScripts).filter(([, allow]) => allow)
    expect(allowed.map(([name]) => name)).toEqual(['node'])
  })
})
