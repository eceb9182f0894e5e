import type { AnswerMeasures } from './metrics-routes.ts'

interface App {
  fetch(request: Request, bindings: object): Response | Promise<Response>
}

/** The routes that are counted by themselves; the others together are `other`. */
const counted = /^https?:\/\/[^/]+(\/payments|\/coupons\/issue)$/

/** The same app, with how often it answered what, and how long payments took to be answered. */
export function measuredAnswers(app: App, { paymentSeconds, answers }: AnswerMeasures): App {
  function note(route: string, status: number): void {
    const byStatus = answers.get(route) ?? new Map<number, number>()
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1)
    answers.set(route, byStatus)
  }
  return {
    fetch(request, bindings) {
      const route = (request.method === 'POST' && counted.exec(request.url)?.[1]) || 'other'
      const began = performance.now()
      const noted = (response: Response) => {
        note(route, response.status)
        if (route === '/payments') paymentSeconds.observe((performance.now() - began) / 1_000)
        return response
      }
      const answer = app.fetch(request, bindings)
      return answer instanceof Promise ? answer.then(noted) : noted(answer)
    },
  }
}
