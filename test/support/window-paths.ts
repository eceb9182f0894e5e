/** Where the pages of the window are served: files, which are no part of the API. */
export const windowPaths: readonly string[] = [
  '/',
  '/console/assets/*',
  '/console',
  '/console/*',
  '/shop',
  '/shop/*',
]
