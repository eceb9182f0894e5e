import { createRootRoute, createRoute, Outlet } from '@tanstack/react-router'
import { OperatorsOnly } from '../account/operators-only.tsx'
import { ConsoleFrame } from './console-frame.tsx'
import { Broken, NotFound, Root } from './root.tsx'

/** What the rooms hang their pages into. */
export const rootRoute = createRootRoute({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: Broken,
})

/** Everything at `/console`. */
export const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/console',
  component: ConsoleFrame,
})

/** Pages at `/console` that only operators may see; others are told what they would need to be. */
export const operatorsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  id: 'operators',
  component: () => (
    <OperatorsOnly>
      <Outlet />
    </OperatorsOnly>
  ),
})
