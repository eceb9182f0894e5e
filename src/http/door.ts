import type { Authenticate } from './access.ts'
import type { Dependencies } from './dependencies.ts'
import { refuseForeignPage } from './foreign-page.ts'

/**
 * What every request passes before anything of it but its headers is read: whether a foreign page made it, then who
 * calls. Every route asks `authenticate` first, so it stands in its place and no route can go round it.
 */
export function doorOf({ authenticate, settings }: Dependencies): Authenticate {
  return (c, access) => {
    refuseForeignPage(c, settings.allowedOrigins)
    return authenticate(c, access)
  }
}
