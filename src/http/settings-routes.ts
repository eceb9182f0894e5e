import { OpenAPIHono, z } from '@hono/zod-openapi'
import { answer } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { questionRoute } from './question-route.ts'

const publicSettings = z
  .object({
    version: z.string(),
    currency: z.string().openapi({ example: 'KRW' }),
    timeZone: z.string().openapi({ example: 'Asia/Seoul' }),
    auth: z.enum(['session', 'gateway']),
    demo: z
      .object({
        accounts: z.array(
          z.object({
            role: z.enum(['customer', 'operator', 'administrator']),
            username: z.string(),
            password: z.string(),
          }),
        ),
        faults: z.boolean().openapi({ description: 'Whether steps can be made to fail on purpose.' }),
      })
      .nullable()
      .openapi({ description: 'The accounts of a demo, which everybody may know, and what else it can.' }),
  })
  .openapi('Settings')

/** What pages need to know of a server before anybody has logged in. */
export function settingsRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { settings, sessionBook, demoAccounts, faultsOnPurpose } = dependencies
  const { version, currency, timeZone } = settings

  questionRoute(app, dependencies, {
    path: '/settings',
    access: 'anyone',
    summary: 'What pages need to know of this server',
    success: { 200: { description: 'Settings', schema: publicSettings } },
    problems: [],
    answer() {
      const accounts = demoAccounts()
      return answer(200, {
        version,
        currency,
        timeZone,
        auth: sessionBook === undefined ? 'gateway' : 'session',
        demo:
          accounts === undefined && faultsOnPurpose === undefined
            ? null
            : { accounts: accounts ?? [], faults: faultsOnPurpose !== undefined },
      })
    },
  })

  return app
}
