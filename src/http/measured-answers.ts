import type { AnswerMeasures } from './metrics-routes.ts'

interface App {
  fetch(request: Request, bindings: object): Response | Promise<Response>
}

const payments = /^https?:\/\/[^/]+\/payments$/

/** The same app, with how long payments took to be answered. Any other request costs one comparison. */
export function measuredAnswers(app: App, { paymentSeconds, paymentAnswers }: AnswerMeasures): App {
  return {
    fetch(request, bindings) {
      if (request.method !== 'POST' || !payments.test(request.url)) return app.fetch(request, bindings)
      const began = performance.now()
      const noted = (response: Response) => {
        paymentSeconds.observe((performance.now() - began) / 1_000)
        paymentAnswers.set(response.status, (paymentAnswers.get(response.status) ?? 0) + 1)
        return response
      }
      const answer = app.fetch(request, bindings)
      return answer instanceof Promise ? answer.then(noted) : noted(answer)
    },
  }
}
