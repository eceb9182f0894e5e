// Made by `npm run api-types` from the API document; not written by hand.

type Headers = { [name: string]: unknown }
type Refused = { headers: Headers; content: { 'application/problem+json': components['schemas']['Problem'] } }

export interface paths {
  "/balances/{customerId}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "customerId": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Balance"] } }; default: Refused } }
  }
  "/balances/{customerId}/balance-histories": {
    get: { parameters: { query?: { "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path: { "customerId": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["BalanceHistory"])[] } }; default: Refused } }
  }
  "/balances/charge": {
    patch: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path?: never }; requestBody: { content: { "application/json": { "customerId": number; "amount": number } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Balance"] } }; default: Refused } }
  }
  "/customers": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path?: never }; requestBody: { content: { "application/json": { "username": string; "password": string; "displayName"?: string | null; "email"?: string | null; "phone"?: string | null } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["Customer"] } }; default: Refused } }
  }
  "/customers/me": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Me"] } }; default: Refused } }
    patch: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody: { content: { "application/json": { "displayName"?: string | null; "email"?: string | null; "phone"?: string | null; "password"?: string; "currentPassword"?: string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Me"] } }; default: Refused } }
  }
  "/customers/{id}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Account"] } }; default: Refused } }
  }
  "/customers/{id}/roles": {
    patch: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "roles": ("operator" | "administrator")[]; "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Account"] } }; default: Refused } }
  }
  "/customers/{id}/disable": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Account"] } }; default: Refused } }
  }
  "/customers/{id}/enable": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Account"] } }; default: Refused } }
  }
  "/sessions": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody: { content: { "application/json": { "username": string; "password": string } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["Session"] } }; default: Refused } }
  }
  "/sessions/current": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": { "account": components['schemas']["LoggedIn"] } } }; default: Refused } }
    delete: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 204: { headers: Headers; content?: never }; default: Refused } }
  }
  "/products": {
    get: { parameters: { query?: { "q"?: string; "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["Product"])[] } }; default: Refused } }
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path?: never }; requestBody: { content: { "application/json": { "name": string; "basePrice": number; "options"?: ({ "optionName": string; "extraPrice"?: number })[]; "reason"?: string } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["AdministeredProduct"] } }; default: Refused } }
  }
  "/products/popular": {
    get: { parameters: { query?: { "days"?: number; "weeks"?: number; "months"?: number }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["PopularProduct"])[] } }; default: Refused } }
  }
  "/products/{id}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["ProductDetail"] } }; default: Refused } }
    patch: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "name"?: string; "basePrice"?: number; "reason"?: string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["AdministeredProduct"] } }; default: Refused } }
  }
  "/products/{id}/options": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "optionName": string; "extraPrice"?: number; "reason"?: string } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["ProductOption"] } }; default: Refused } }
  }
  "/products/{id}/options/{optionId}": {
    patch: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number; "optionId": number } }; requestBody: { content: { "application/json": { "optionName"?: string; "extraPrice"?: number; "reason"?: string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["ProductOption"] } }; default: Refused } }
  }
  "/stocks/{productOptionId}/restock": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "productOptionId": number } }; requestBody: { content: { "application/json": { "quantity": number; "reason"?: string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Stock"] } }; default: Refused } }
  }
  "/stocks/{productOptionId}/write-off": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "productOptionId": number } }; requestBody: { content: { "application/json": { "quantity": number; "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Stock"] } }; default: Refused } }
  }
  "/orders": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path?: never }; requestBody: { content: { "application/json": { "customerId": number; "items": ({ "productId": number; "productOptionId": number; "quantity": number })[] } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["Order"] } }; default: Refused } }
    get: { parameters: { query: { "customerId": number; "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["Order"])[] } }; default: Refused } }
  }
  "/orders/{id}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Order"] } }; default: Refused } }
  }
  "/orders/{id}/events": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["OrderEvent"])[] } }; default: Refused } }
  }
  "/orders/{id}/cancel": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { [name: string]: unknown } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Order"] } }; 202: { headers: Headers; content: { "application/json": { "orderId": number } } }; default: Refused } }
  }
  "/orders/{id}/returns": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "items"?: ({ "productOptionId": number; "quantity": number })[] } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["OrderReturn"] } }; 202: { headers: Headers; content: { "application/json": { "returnId": number; "orderId": number } } }; default: Refused } }
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["OrderReturn"])[] } }; default: Refused } }
  }
  "/payments": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path?: never }; requestBody: { content: { "application/json": { "orderId": number; "couponId"?: number | null } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["PaymentRecord"] } }; 202: { headers: Headers; content: { "application/json": { "paymentId": number } } }; default: Refused } }
  }
  "/payments/{id}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Payment"] } }; default: Refused } }
  }
  "/payments/{id}/timeline": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["Transition"])[] } }; default: Refused } }
  }
  "/payments/{id}/history": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["PaymentHistory"] } }; default: Refused } }
  }
  "/operator/payments/{id}/history": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["PaymentHistory"] } }; default: Refused } }
  }
  "/coupons": {
    get: { parameters: { query?: { "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["CouponCampaign"])[] } }; default: Refused } }
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path?: never }; requestBody: { content: { "application/json": { "name": string; "discountType": "FIXED" | "RATE"; "discountAmount": number; "maxDiscount"?: number | null; "minOrderAmount"?: number | null; "totalQuantity": number; "startedAt": string; "expiredAt": string; "reason"?: string } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["CouponCampaign"] } }; default: Refused } }
  }
  "/coupons/customer/{customerId}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "customerId": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["OwnedCoupon"])[] } }; default: Refused } }
  }
  "/coupons/{id}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["CouponCampaign"] } }; default: Refused } }
  }
  "/coupons/issue": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path?: never }; requestBody: { content: { "application/json": { "couponId": number; "customerId": number } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["IssuedCoupon"] } }; default: Refused } }
  }
  "/coupons/{id}/end": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason"?: string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["CouponCampaign"] } }; default: Refused } }
  }
  "/operator/payments": {
    get: { parameters: { query?: { "limit"?: number; "cursor"?: string; "status"?: string; "step"?: string; "failedAt"?: "claimingOrder" | "decreasingStock" | "usingCoupon" | "deductingBalance" | "recordingPayment" | "recordingStatistics"; "errorCode"?: string; "amountMin"?: number; "amountMax"?: number; "ageMinSeconds"?: number; "customer"?: number; "order"?: number; "attention"?: "true" }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["ListedPayment"])[] } }; default: Refused } }
  }
  "/operator/payments/counts": {
    get: { parameters: { query?: { "status"?: string; "step"?: string; "failedAt"?: "claimingOrder" | "decreasingStock" | "usingCoupon" | "deductingBalance" | "recordingPayment" | "recordingStatistics"; "errorCode"?: string; "amountMin"?: number; "amountMax"?: number; "ageMinSeconds"?: number; "customer"?: number; "order"?: number; "attention"?: "true" }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["PaymentCounts"] } }; default: Refused } }
  }
  "/operator/payments/{id}/operations": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["OfferedOperations"] } }; default: Refused } }
  }
  "/operator/payments/bulk": {
    get: { parameters: { query?: { "status"?: string; "step"?: string; "failedAt"?: "claimingOrder" | "decreasingStock" | "usingCoupon" | "deductingBalance" | "recordingPayment" | "recordingStatistics"; "errorCode"?: string; "amountMin"?: number; "amountMax"?: number; "ageMinSeconds"?: number; "customer"?: number; "order"?: number; "attention"?: "true"; "operation"?: "retry" | "skip" | "compensate"; "limit"?: number }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["BulkPreview"] } }; default: Refused } }
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody: { content: { "application/json": { "operation": "retry" | "skip" | "compensate"; "filter": { "status"?: string; "step"?: string; "failedAt"?: "claimingOrder" | "decreasingStock" | "usingCoupon" | "deductingBalance" | "recordingPayment" | "recordingStatistics"; "errorCode"?: string; "amountMin"?: number; "amountMax"?: number; "ageMinSeconds"?: number; "customer"?: number; "order"?: number; "attention"?: true }; "reason": string; "expectedCount": number; "limit"?: number } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["BulkResult"] } }; default: Refused } }
  }
  "/operator/search": {
    get: { parameters: { query: { "q": string; "customer"?: number }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["SearchHit"])[] } }; default: Refused } }
  }
  "/operator/payments/{id}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["OperatedPayment"] } }; default: Refused } }
  }
  "/operator/dead-letters": {
    get: { parameters: { query?: { "limit"?: number; "cursor"?: string; "all"?: "true" | "false" }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["DeadLetter"])[] } }; default: Refused } }
  }
  "/operator/audit": {
    get: { parameters: { query?: { "limit"?: number; "cursor"?: string; "operator"?: string; "subject"?: string; "action"?: string; "order"?: "oldest" | "newest" }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["AuditEntry"])[] } }; default: Refused } }
  }
  "/operator/payments/{id}/retry": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["OperatedPayment"] } }; default: Refused } }
  }
  "/operator/payments/{id}/skip": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["OperatedPayment"] } }; default: Refused } }
  }
  "/operator/payments/{id}/compensate": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["OperatedPayment"] } }; default: Refused } }
  }
  "/operator/dead-letters/{id}/preview": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody: { content: { "application/json": { "message"?: { "type": string; [name: string]: unknown } } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["HandlingPreview"] } }; default: Refused } }
  }
  "/operator/dead-letters/{id}/retry": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["DeadLetter"] } }; default: Refused } }
  }
  "/operator/dead-letters/{id}/skip": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["DeadLetter"] } }; default: Refused } }
  }
  "/operator/dead-letters/{id}/edit": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string; "message": { "type": string; [name: string]: unknown } } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["DeadLetter"] } }; default: Refused } }
  }
  "/operator/outbox": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Outbox"] } }; default: Refused } }
  }
  "/operator/outbox/replay": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody: { content: { "application/json": { "reason": string; "eventId"?: string; "parked"?: true; "since"?: string } } }; responses: { 200: { headers: Headers; content: { "application/json": { "replayed": number } } }; default: Refused } }
  }
  "/operator/feed": {
    get: { parameters: { query?: { "kind"?: string; "state"?: string; "order"?: number; "customer"?: number; "after"?: number; "last"?: number }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["FeedTransitions"] | components['schemas']["FeedGap"] | components['schemas']["FeedHeartbeat"] } }; default: Refused } }
  }
  "/operator/customers/{id}/credit": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "amount": number; "reason": string } } }; responses: { 201: { headers: Headers; content: { "application/json": components['schemas']["StaffCredit"] } }; 202: { headers: Headers; content: { "application/json": components['schemas']["StaffCredit"] } }; default: Refused } }
  }
  "/operator/credits": {
    get: { parameters: { query?: { "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["StaffCredit"])[] } }; default: Refused } }
  }
  "/operator/credits/{id}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["StaffCredit"] } }; default: Refused } }
  }
  "/operator/credits/{id}/approve": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["StaffCredit"] } }; default: Refused } }
  }
  "/operator/credits/{id}/decline": {
    post: { parameters: { query?: never; header?: { "X-Customer-Id"?: number; "Idempotency-Key"?: string; "Prefer"?: string }; path: { "id": number } }; requestBody: { content: { "application/json": { "reason": string } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["StaffCredit"] } }; default: Refused } }
  }
  "/livez": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": { "status": "ok" } } }; default: Refused } }
  }
  "/readyz": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": { "status": "ok" } | { "status": "degraded"; "degraded": (string)[] } } }; default: Refused } }
  }
  "/metrics": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": string } }; default: Refused } }
  }
  "/operator/health": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Health"] } }; default: Refused } }
  }
  "/operator/customers": {
    get: { parameters: { query?: { "query"?: string; "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["KeptCustomer"])[] } }; default: Refused } }
  }
  "/operator/customers/{id}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["CustomerDetail"] } }; default: Refused } }
  }
  "/operator/customers/{id}/ledger": {
    get: { parameters: { query?: { "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["LedgerLine"])[] } }; default: Refused } }
  }
  "/operator/customers/{id}/orders": {
    get: { parameters: { query?: { "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path: { "id": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["Order"])[] } }; default: Refused } }
  }
  "/operator/stock/{optionId}/movements": {
    get: { parameters: { query?: { "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path: { "optionId": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["StockMovement"])[] } }; default: Refused } }
  }
  "/operator/coupons": {
    get: { parameters: { query?: { "state"?: "all" | "open" | "future" | "over"; "limit"?: number; "cursor"?: string }; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": (components['schemas']["KeptCampaign"])[] } }; default: Refused } }
  }
  "/settings": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Settings"] } }; default: Refused } }
  }
  "/charts": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": ({ "id": string; "version": string; "description": string; "digest": string })[] } }; default: Refused } }
  }
  "/charts/{machine}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "machine": string } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["Chart"] } }; default: Refused } }
  }
  "/demo/faults/{orderId}": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "orderId": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["FaultOnPurpose"] } }; default: Refused } }
    put: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "orderId": number } }; requestBody: { content: { "application/json": { "step": "claimingOrder" | "decreasingStock" | "usingCoupon" | "deductingBalance" | "recordingPayment" | "recordingStatistics"; "kind": "refuse" | "silence" | "stuck" } } }; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["FaultOnPurpose"] } }; default: Refused } }
    delete: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path: { "orderId": number } }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": components['schemas']["FaultOnPurpose"] } }; default: Refused } }
  }
  "/openapi.json": {
    get: { parameters: { query?: never; header?: { "X-Customer-Id"?: number }; path?: never }; requestBody?: never; responses: { 200: { headers: Headers; content: { "application/json": { [name: string]: unknown } } }; default: Refused } }
  }
}

export interface components {
  schemas: {
    "Balance": { "customerId": number; "amount": number }
    "Problem": { "type": string; "title": string; "status": number; "detail": string; "code": string; "message": string; [name: string]: unknown }
    "BalanceHistory": { "changeType": "CHARGE" | "USE" | "ROLLBACK" | "REFUND"; "changeAmount": number; "totalAmount": number; "createdAt": string }
    "Customer": { "customerId": number; "username": string }
    "Me": (components['schemas']["Customer"]) & ({ "roles": ("customer" | "operator" | "administrator")[]; "displayName": string | null; "email": string | null; "phone": string | null })
    "Account": (components['schemas']["Customer"]) & ({ "roles": ("customer" | "operator" | "administrator")[]; "disabled": boolean })
    "Session": { "token": string; "expiresAt": string }
    "LoggedIn": { "customerId": number; "username": string; "roles": ("customer" | "operator" | "administrator")[] } | null
    "Product": { "id": number; "name": string; "basePrice": number }
    "PopularProduct": { "productId": number; "name": string; "basePrice": number; "salesCount": number }
    "ProductDetail": (components['schemas']["Product"]) & ({ "options": ({ "id": number; "optionName": string; "extraPrice": number; "stock": number })[] })
    "AdministeredProduct": { "id": number; "name": string; "basePrice": number; "options": ({ "id": number; "optionName": string; "extraPrice": number })[] }
    "ProductOption": { "id": number; "productId": number; "optionName": string; "extraPrice": number }
    "Stock": { "productOptionId": number; "quantity": number }
    "Order": { "orderId": number; "customerId": number; "totalPrice": number; "status": "CREATED" | "PAYING" | "PAID" | "PARTIALLY_RETURNED" | "RETURNED" | "CANCELLED" | "EXPIRED"; "createdAt": string; "items": ({ "productId": number; "productOptionId": number; "productName": string; "optionName": string; "quantity": number; "subtotalPrice": number })[]; "paymentId"?: number }
    "OrderEvent": { "sequence": number; "type": string; "status": "CREATED" | "PAYING" | "PAID" | "PARTIALLY_RETURNED" | "RETURNED" | "CANCELLED" | "EXPIRED"; "at": string; "body"?: unknown }
    "OrderReturn": { "returnId": number; "orderId": number; "items": ({ "productOptionId": number; "quantity": number })[]; "refundAmount": number; "returnedAt": string }
    "PaymentRecord": { "paymentId": number; "orderId": number; "customerId": number; "originalPrice": number; "discountAmount": number; "discountedPrice": number; "paidAt": string }
    "Payment": { "paymentId": number; "orderId": number; "customerId": number; "status": "PAYING" | "COMPENSATING" | "FAILED" | "COMPLETED" | "RETURNING" | "PARTIALLY_RETURNED" | "RETURNED"; "step": string; "attempt": number; "couponId": number | null; "originalPrice": number | null; "discountAmount": number | null; "discountedPrice": number | null; "paidAt": string | null; "refundedAmount": number; "failure": { "code": string; "detail": string; [name: string]: unknown } | null }
    "Transition": { "actor": string; "transition": number | null; "at": string; "message"?: unknown; "from": string; "before"?: unknown; "after"?: unknown }
    "PaymentHistory": { "paymentId": number; "orderId": number; "complete": boolean; "entries": (components['schemas']["HistoryEntry"])[]; "ledger": (components['schemas']["LedgerEntry"])[]; "events": (components['schemas']["HistoryEvent"])[]; "charts": { "payment": string; "order": string } }
    "HistoryEntry": { "position": number; "sequence": number; "actor": string; "transition": number | null; "at": string; "messageId": string; "causationId": string; "from": string; "message": { "type": string; [name: string]: unknown }; "state": string | null; "patch": ((unknown)[])[] | null }
    "LedgerEntry": { "position": number | null; "key": string; "changeType": "USE" | "ROLLBACK" | "REFUND"; "at": string; "lines": ({ "account": string; "amount": number; "totalAfter": number | null })[] }
    "HistoryEvent": { "sequence": number; "type": string; "status": string; "at": string; "body"?: unknown }
    "CouponCampaign": { "couponId": number; "name": string; "discountType": "FIXED" | "RATE"; "discountAmount": number; "maxDiscount": number; "minOrderAmount": number; "totalQuantity": number; "remainingQuantity": number; "startedAt": string; "expiredAt": string; "endedAt": string | null }
    "OwnedCoupon": { "couponId": number; "name": string; "discountType": "FIXED" | "RATE"; "discountAmount": number; "status": "AVAILABLE" | "USED" | "EXPIRED"; "issuedAt": string; "expiredAt": string }
    "IssuedCoupon": { "couponId": number; "customerId": number; "status": "AVAILABLE"; "issuedAt": string }
    "ListedPayment": (components['schemas']["OperatedPayment"]) & ({ "since": string | null })
    "OperatedPayment": (components['schemas']["Payment"]) & ({ "resends": number; "nextResendAt": string | null; "attention": ("SUSPENDED" | "UNDO_UNANSWERED" | "DAMAGED")[]; "givenUpAt": string | null; "deadLetterIds": (number)[] })
    "PaymentCounts": { "total": number; "statuses": { "PAYING": number; "COMPENSATING": number; "FAILED": number; "COMPLETED": number; "RETURNING": number; "PARTIALLY_RETURNED": number; "RETURNED": number }; "open": number; "attention": number; "newestOnly": number | null }
    "OfferedOperations": { "payment": components['schemas']["OperatedPayment"]; "since": string | null; "operations": ({ "operation": "retry" | "skip" | "compensate"; "preview": components['schemas']["OperationPreview"] })[]; "blockedBy": (number)[]; "deadLetters": ((components['schemas']["DeadLetter"]) & ({ "attempts": number; "operations": ("retry" | "skip" | "edit")[] }))[] }
    "OperationPreview": { "status": "PAYING" | "COMPENSATING" | "FAILED" | "COMPLETED" | "RETURNING" | "PARTIALLY_RETURNED" | "RETURNED"; "step": string; "sends": ({ "to": string; "type": string })[]; "undoes": ({ "to": string; "type": string })[]; "events": (string)[]; "answers": string | null; "resendAfterMs": number | null }
    "DeadLetter": { "id": number; "actor": string; "from": string; "saga": string; "message": { "type": string; [name: string]: unknown }; "error": string; "stack": string; "at": string; "resolution": "REFUSED" | "RETRIED" | "EDITED" | "SKIPPED" | null; "resolvedAt": string | null }
    "BulkPreview": { "total": number; "able": number; "unable": number; "steps": { [name: string]: number }; "sends": { [name: string]: number }; "undoes": { [name: string]: number } }
    "BulkResult": { "total": number; "done": number; "refused": number; "left": number; "payments": ({ "paymentId": number; "outcome": string })[] }
    "SearchHit": { "kind": "payment" | "order" | "customer" | "coupon" | "product" | "option" | "request"; "id": string; "label": string; "payments": number | null; "paymentId": number | null }
    "AuditEntry": { "at": string; "operator": string; "action": string; "subject": string; "reason": string; "outcome": string }
    "HandlingPreview": { "known": boolean; "error": string | null; "changes": boolean; "sends": ({ "to": string; "type": string })[] }
    "Outbox": { "topics": ({ "topic": string; "breaker": "closed" | "open" | "half-open"; "owed": number; "parked": number; "oldestAt": string | null })[]; "parked": ({ "eventId": string; "topic": string; "key": string; "type": string; "attempts": number; "error": string; "createdAt": string; "parkedAt": string })[] }
    "FeedTransitions": { "sequence": number; "saga": string; "at": string; "entries": ({ "actor": string; "transition": number | null; "at": string; "from": string; "message": { "type": string; [name: string]: unknown }; "state": string | null })[] }
    "FeedGap": { "after": number; "until": number; "reason": "BEHIND" | "DROPPED" | "UNKNOWN_POSITION" | "DAMAGED" }
    "FeedHeartbeat": { "at": string; "position": number }
    "StaffCredit": { "creditId": number; "customerId": number; "amount": number; "reason": string; "status": "PROPOSED" | "CREDITING" | "CREDITED" | "REFUSED" | "DECLINED"; "proposedBy": string; "proposedAt": string; "decidedBy": string | null }
    "Health": { "at": string; "startedAt": string; "version": string; "closed": "OVERLOADED" | "SHUTTING_DOWN" | "UNAVAILABLE" | null; "payments": { "ended": { [name: string]: number }; "open": { [name: string]: number }; "oldestOpenMs": number; "compensations": number; "waiting": number }; "deadLettersWaiting": number; "actorsSuspended": number; "paymentSeconds": components['schemas']["Histogram"]; "commitSeconds": components['schemas']["Histogram"]; "commitSagas": components['schemas']["Histogram"]; "backlogMs": number; "outbox": ({ "topic": string; "owed": number; "parked": number; "oldestMs": number })[]; "breakers": { [name: string]: "closed" | "open" | "half-open" }; "checks": { "run": number; "failed": number; "damagedRows": number; "breaches": (string)[] } | null; "residentBytes": number }
    "Histogram": { "bounds": (number)[]; "cumulative": (number)[]; "sum": number }
    "KeptCustomer": (components['schemas']["Account"]) & ({ "balance": number | null })
    "CustomerDetail": (components['schemas']["KeptCustomer"]) & ({ "coupons": (components['schemas']["OwnedCoupon"])[] })
    "LedgerLine": { "sequence": number; "changeType": "CHARGE" | "USE" | "ROLLBACK" | "REFUND"; "amount": number; "totalAfter": number; "at": string; "orderId": number | null }
    "StockMovement": { "sequence": number; "movement": "RESTOCK" | "WRITE_OFF" | "DECREASE" | "RESTORE" | "RETURN"; "quantity": number; "at": string; "orderId": number | null }
    "KeptCampaign": (components['schemas']["CouponCampaign"]) & ({ "state": "open" | "future" | "over" })
    "Settings": { "version": string; "currency": string; "timeZone": string; "auth": "session" | "gateway"; "demo": { "accounts": ({ "role": "customer" | "operator" | "administrator"; "username": string; "password": string })[]; "faults": boolean } | null }
    "Chart": { "id": string; "version": string; "description": string; "digest": string; "width": number; "height": number; "states": (components['schemas']["ChartState"])[]; "transitions": (components['schemas']["ChartTransition"])[]; "edges": (components['schemas']["ChartEdge"])[] }
    "ChartState": { "id": string; "parent": string | null; "name": string; "type": "atomic" | "compound" | "parallel" | "final" | "history"; "initial": boolean; "tags": (string)[]; "description": string; "x": number; "y": number; "width": number; "height": number }
    "ChartTransition": { "id": string; "from": string; "to": string; "event": string; "kind": "event" | "after" | "always"; "guard": string | null; "description": string }
    "ChartEdge": { "id": string; "from": string; "to": string; "transitions": (string)[]; "points": ({ "x": number; "y": number })[]; "label": { "x": number; "y": number; "width": number; "height": number; "lines": (string)[] } }
    "FaultOnPurpose": { "orderId": number; "fault": { "step": "claimingOrder" | "decreasingStock" | "usingCoupon" | "deductingBalance" | "recordingPayment" | "recordingStatistics"; "kind": "refuse" | "silence" | "stuck"; "attempt": number | null; "used": boolean } | null }
  }
}
