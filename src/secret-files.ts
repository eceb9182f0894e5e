import { readFileSync, statSync } from 'node:fs'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment in which each of the named secrets whose `NAME_FILE` names a file has what that file holds, without its
 * last line break; and one line for each file that cannot be used. Others than its owner must not be able to read it.
 */
export function withSecretFiles(
  environment: Environment,
  names: Iterable<string>,
): { environment: Environment; faults: string[] } {
  const read: Record<string, string> = {}
  const faults: string[] = []
  for (const name of names) {
    const variable = `${name}_FILE`
    const path = environment[variable]
    if (path === undefined) continue
    if (environment[name] !== undefined) faults.push(`${variable} is set beside ${name}; set one of them.`)
    try {
      const mode = statSync(path).mode & 0o777
      if ((mode & 0o077) === 0) read[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
      else
        faults.push(
          `${variable} names ${path}, which others may read (mode ${mode.toString(8)}); chmod 600 it.`,
        )
    } catch (error) {
      faults.push(
        `${variable} names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      )
    }
  }
  return { environment: { ...environment, ...read }, faults }
}
