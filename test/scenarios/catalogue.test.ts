import { describe, expect, test } from 'vitest'
import { createIds } from '../../src/ids.ts'
import { administratorOf, withAdministrators } from '../support/administrator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { openScenario, reopenScenario, smallProfile } from '../support/open-scenario.ts'

async function openShop(options: Parameters<typeof openScenario>[0] = {}) {
  const shop = await openScenario({ environment: withAdministrators, profile: smallProfile, ...options })
  return { shop, ...administratorOf(shop) }
}

interface Shown {
  id: number
  options: { id: number }[]
}

describe('An administrator', () => {
  test('puts a product on sale, stocks it, and customers buy it', async () => {
    const { shop, post } = await openShop()
    const created = await post('/products', {
      name: 'Silk scarf',
      basePrice: 30_000,
      options: [{ optionName: 'Red' }, { optionName: 'Blue', extraPrice: 500 }],
    })
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'Silk scarf', basePrice: 30_000, options: [{ extraPrice: 0 }, { extraPrice: 500 }] },
    })
    const { id, options } = created.body as unknown as Shown
    const [red = { id: 0 }] = options
    const line = { productId: id, productOptionId: red.id, quantity: 2 }
    expect((await shop.get(`/products/${id}`)).body).toMatchObject({ options: [{ stock: 0 }, { stock: 0 }] })
    expect(await shop.placeOrder(1, [line])).toMatchObject({
      status: 409,
      body: { code: 'STOCK_INSUFFICIENT' },
    })

    expect(await post(`/stocks/${red.id}/restock`, { quantity: 5 })).toMatchObject({
      status: 200,
      body: { productOptionId: red.id, quantity: 5 },
    })
    const { orderId } = (await shop.placeOrder(1, [line])).body
    expect((await shop.pay(orderId)).status).toBe(201)
    expect((await shop.get('/products?q=SILK')).body).toEqual([{ id, name: 'Silk scarf', basePrice: 30_000 }])
    expect((await shop.get(`/products/${id}`)).body).toMatchObject({ options: [{ stock: 3 }, { stock: 0 }] })
  })

  test('adds an option to a product', async () => {
    const { shop, post } = await openShop()
    const added = await post('/products/101/options', { optionName: 'XL', extraPrice: 3_000 })
    const { id } = added.body as unknown as Shown
    expect(added).toMatchObject({
      status: 201,
      body: { productId: 101, optionName: 'XL', extraPrice: 3_000 },
    })
    expect((await shop.get('/products/101')).body).toMatchObject({
      options: [{}, {}, {}, { id, optionName: 'XL', stock: 0 }],
    })
  })

  test('changes names and prices; what was ordered before keeps them', async () => {
    const { shop, patch } = await openShop()
    const line = { productId: 101, productOptionId: 1012, quantity: 1 }
    const before = (await shop.placeOrder(1, [line])).body.orderId
    expect(await patch('/products/101', { name: 'Linen blouse', basePrice: 45_000 })).toMatchObject({
      status: 200,
      body: { id: 101, name: 'Linen blouse', basePrice: 45_000 },
    })
    expect(
      await patch('/products/101/options/1012', { optionName: 'Medium', extraPrice: 2_000 }),
    ).toMatchObject({
      status: 200,
      body: { id: 1012, productId: 101, optionName: 'Medium', extraPrice: 2_000 },
    })
    // Seen everywhere at once.
    expect((await shop.get('/products?q=blouse')).body).toMatchObject([{ id: 101, basePrice: 45_000 }])
    expect((await shop.get('/products?q=linen%20shirt')).body).toEqual([])
    expect((await shop.get('/products/101')).body).toMatchObject({
      name: 'Linen blouse',
      options: [{}, { optionName: 'Medium', extraPrice: 2_000 }, {}],
    })
    const after = (await shop.placeOrder(1, [line])).body
    expect(after).toMatchObject({ totalPrice: 47_000, items: [{ optionName: 'Medium' }] })

    expect(await shop.pay(before)).toMatchObject({ status: 201, body: { originalPrice: 40_000 } })
    expect((await shop.get(`/orders/${before}`)).body).toMatchObject({
      totalPrice: 40_000,
      items: [{ productName: 'Linen shirt', optionName: 'M' }],
    })
    expect((await shop.get('/products/popular?days=1')).body).toMatchObject([
      { productId: 101, name: 'Linen blouse', basePrice: 45_000 },
    ])
  })

  test('and another one change the same product at once, and both succeed', async () => {
    const { shop, patch, post } = await openShop()
    const answers = await Promise.all([
      patch('/products/101', { name: 'Linen blouse' }),
      patch('/products/101', { basePrice: 45_000 }),
      post('/products/101/options', { optionName: 'XL' }),
      post('/products/101/options', { optionName: 'XXL' }),
      ...Array.from({ length: 20 }, () => post('/stocks/1011/restock', { quantity: 1 })),
    ])
    expect(answers.filter(({ status }) => status >= 300)).toEqual([])
    expect((await shop.get('/products/101')).body).toMatchObject({
      name: 'Linen blouse',
      basePrice: 45_000,
      options: [{ stock: 120 }, {}, {}, { optionName: 'XL' }, { optionName: 'XXL' }],
    })
  })

  test('writes stock off with a reason, and not more than there is', async () => {
    const { see, post } = await openShop()
    expect(await post('/stocks/1011/write-off', { quantity: 40 })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT', path: 'reason' },
    })
    expect(
      await post('/stocks/1011/write-off', { quantity: 40, reason: 'Water in the cellar.' }),
    ).toMatchObject({
      status: 200,
      body: { productOptionId: 1011, quantity: 60 },
    })
    expect(await post('/stocks/1011/write-off', { quantity: 61, reason: 'More water.' })).toMatchObject({
      status: 409,
      body: { code: 'STOCK_INSUFFICIENT', available: 60, requested: 61 },
    })
    expect((await see('/operator/audit')).body).toMatchObject([
      {
        action: 'WriteOffStock',
        subject: 'stock/1011',
        reason: 'Water in the cellar.',
        outcome: 'StockWrittenOff',
      },
      { action: 'WriteOffStock', reason: 'More water.', outcome: 'STOCK_INSUFFICIENT' },
    ])
  })

  test('leaves a row in the audit log with everything that is done', async () => {
    const { see, post, patch } = await openShop()
    const created = await post('/products', {
      name: 'Hat',
      basePrice: 1,
      options: [{ optionName: 'S' }],
      reason: 'New.',
    })
    const { id, options } = created.body as unknown as Shown
    await patch(`/products/${id}`, { basePrice: 2 })
    await post(`/products/${id}/options`, { optionName: 'S' })
    await patch(`/products/${id}/options/${options[0]?.id}`, { extraPrice: 1 })
    await post(
      `/stocks/${options[0]?.id}/restock`,
      { quantity: 1 },
      { 'Idempotency-Key': 'a-key-of-16-chars' },
    )
    expect((await see('/operator/audit')).body).toMatchObject([
      {
        operator: 'operator',
        action: 'CreateProduct',
        subject: `product/${id}`,
        reason: 'New.',
        outcome: 'ProductCreated',
      },
      { action: 'ChangeProduct', reason: '', outcome: 'ProductChanged' },
      { action: 'AddOption', outcome: 'OPTION_NAME_TAKEN' },
      { action: 'ChangeOption', outcome: 'OptionChanged' },
      { action: 'Restock', subject: `stock/${options[0]?.id}`, outcome: 'Restocked' },
    ])
  })

  test('restocks once, however often the request comes with its key, also after a restart', async () => {
    const directory = dataDirectory()
    const first = await openShop({ dataDirectory: directory })
    const key = { 'Idempotency-Key': 'a-key-of-16-chars' }
    await first.post('/stocks/1011/restock', { quantity: 1 }, key)
    await first.shop.close()
    const shop = reopenScenario({
      dataDirectory: directory,
      environment: withAdministrators,
      profile: smallProfile,
    })
    const again = await administratorOf(shop).post('/stocks/1011/restock', { quantity: 1 }, key)
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([
      { productOptionId: 1011, quantity: 101 },
      'true',
    ])
    expect((await shop.get('/products/101')).body).toMatchObject({ options: [{ stock: 101 }, {}, {}] })
  })
})

describe('What administrators send', () => {
  const product = { name: 'Hat', basePrice: 1 }

  test.each<[string, string, object, string]>([
    ['POST', '/products', { ...product, name: '' }, 'name'],
    ['POST', '/products', { ...product, name: '   ' }, 'name'],
    ['POST', '/products', { ...product, name: 'x'.repeat(201) }, 'name'],
    ['POST', '/products', { ...product, basePrice: -1 }, 'basePrice'],
    ['POST', '/products', { ...product, basePrice: 1.5 }, 'basePrice'],
    ['POST', '/products', { ...product, basePrice: 1_000_000_001 }, 'basePrice'],
    ['POST', '/products', { ...product, id: 5 }, 'id'],
    [
      'POST',
      '/products',
      { ...product, options: [{ optionName: 'S' }, { optionName: 'S' }] },
      'options.1.optionName',
    ],
    [
      'POST',
      '/products',
      { ...product, options: [{ optionName: 'S', extraPrice: 1_000_000_000 }] },
      'options',
    ],
    ['PATCH', '/products/101', { reason: 'None.' }, ''],
    ['PATCH', '/products/101', { basePrice: 999_999_999 }, 'basePrice'],
    ['POST', '/products/101/options', { optionName: '' }, 'optionName'],
    ['POST', '/products/101/options', { optionName: 'XL', stock: 5 }, 'stock'],
    ['PATCH', '/products/101/options/1011', { productId: 102 }, 'productId'],
    ['POST', '/stocks/1011/restock', { quantity: 0 }, 'quantity'],
    ['POST', '/stocks/1011/restock', { quantity: 1_000_000_000 }, 'quantity'],
    ['POST', '/stocks/1011/write-off', { quantity: 1, reason: ' ' }, 'reason'],
  ])('%s %s %j is refused with its fault', async (method, path, body, field) => {
    const { shop, post, patch } = await openShop()
    const before = shop.books()
    expect(await (method === 'POST' ? post : patch)(path, body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT', ...(field !== '' && { path: field }) },
    })
    expect(shop.books()).toEqual(before)
  })

  test('takes a name of 200 characters that are not in the basic plane', async () => {
    const { post } = await openShop()
    expect((await post('/products', { ...product, name: '🧵'.repeat(200) })).status).toBe(201)
  })

  test.each([
    ['PATCH', '/products/999', { name: 'Hat' }, 'PRODUCT_NOT_FOUND'],
    ['POST', '/products/999/options', { optionName: 'S' }, 'PRODUCT_NOT_FOUND'],
    ['PATCH', '/products/101/options/1021', { optionName: 'S' }, 'PRODUCT_OPTION_NOT_FOUND'],
    ['POST', '/stocks/999/restock', { quantity: 1 }, 'PRODUCT_OPTION_NOT_FOUND'],
    ['POST', '/stocks/999/write-off', { quantity: 1, reason: 'Gone.' }, 'PRODUCT_OPTION_NOT_FOUND'],
  ])('%s %s about what is not there is told so', async (method, path, body, code) => {
    const { post, patch } = await openShop()
    expect(await (method === 'POST' ? post : patch)(path, body)).toMatchObject({
      status: 404,
      body: { code },
    })
  })

  test.each([
    ['POST', '/products'],
    ['PATCH', '/products/101'],
    ['POST', '/products/101/options'],
    ['PATCH', '/products/101/options/1011'],
    ['POST', '/stocks/1011/restock'],
    ['POST', '/stocks/1011/write-off'],
  ])('%s %s is forbidden to everybody else', async (method, path) => {
    const { shop } = await openShop()
    expect(await shop.request(method, path, {}, { 'X-Customer-Id': '1' })).toMatchObject({ status: 403 })
  })
})

test('Ids go on above those of products and options, whatever the clock says after a restart', async () => {
  const directory = dataDirectory()
  const first = await openShop({ dataDirectory: directory })
  const { id, options } = (
    await first.post('/products', { name: 'Hat', basePrice: 1, options: [{ optionName: 'S' }] })
  ).body as unknown as Shown
  const last = Math.max(id, ...options.map(option => option.id))
  const { clock } = first.shop
  await first.shop.close()
  clock.advance(-60_000)
  const shop = reopenScenario({
    dataDirectory: directory,
    environment: withAdministrators,
    profile: smallProfile,
    clock,
  })
  const next = (await administratorOf(shop).post('/products', { name: 'Cap', basePrice: 1 }))
    .body as unknown as Shown
  expect(next.id).toBeGreaterThan(last)
  expect(createIds(() => clock.now())()).toBeLessThan(last)
})

describe('A price that was changed', () => {
  test('is seen everywhere by whoever asks after the answer to the change, whatever was kept before', async () => {
    const { shop, patch, post } = await openShop()
    const line = { productId: 101, productOptionId: 1012, quantity: 1 }
    await shop.pay((await shop.placeOrder(1, [line])).body.orderId)
    const prices = async () => {
      const [list, found, detail, popular, order] = await Promise.all([
        shop.get('/products'),
        shop.get('/products?q=linen&limit=1'),
        shop.get('/products/101'),
        shop.get('/products/popular?days=1'),
        shop.placeOrder(1, [line]),
      ])
      const first = ({ body }: { body: unknown }) => (body as { basePrice: number }[])[0]?.basePrice
      const shown = detail.body as unknown as { basePrice: number; options: { extraPrice: number }[] }
      const extra = shown.options[1]?.extraPrice ?? 0
      const { totalPrice } = order.body as unknown as { totalPrice: number }
      return [first(list), first(found), shown.basePrice, first(popular), totalPrice - extra]
    }
    expect(await prices()).toEqual(Array(5).fill(39_000))
    for (const basePrice of [41_000, 40_000, 43_000]) {
      await patch('/products/101', { basePrice })
      expect(await prices()).toEqual(Array(5).fill(basePrice))
    }
    await patch('/products/101/options/1012', { extraPrice: 1_500 })
    expect(await prices()).toEqual(Array(5).fill(43_000))
    await post('/products', { name: 'Linen cap', basePrice: 1 })
    expect((await shop.get('/products?q=linen')).body).toHaveLength(2)
  })

  test('is seen so too when commits are written in another thread, and nobody ever sees an older one again', async () => {
    const { shop, patch } = await openShop({ dataDirectory: dataDirectory(), writeInPlace: false })
    const basePrice = async () =>
      ((await shop.get('/products/101')).body as unknown as { basePrice: number }).basePrice
    let changing = true
    const seen: number[] = []
    const watcher = (async () => {
      while (changing) {
        seen.push(await basePrice())
        await new Promise(setImmediate)
      }
    })()
    for (let price = 40_001; price <= 40_040; price += 1) {
      await patch('/products/101', { basePrice: price })
      expect(await basePrice()).toBe(price)
    }
    changing = false
    await watcher
    expect(seen.length).toBeGreaterThan(40)
    expect(seen).toEqual(seen.toSorted((one, other) => one - other))
  })

  test('shows the stock as it is at once', async () => {
    const { shop, post } = await openShop()
    const stock = async () =>
      ((await shop.get('/products/101')).body as unknown as { options: { stock: number }[] }).options[0]
        ?.stock
    expect(await stock()).toBe(100)
    await post('/stocks/1011/restock', { quantity: 5 })
    expect(await stock()).toBe(105)
    await shop.pay(
      (await shop.placeOrder(1, [{ productId: 101, productOptionId: 1011, quantity: 1 }])).body.orderId,
    )
    expect(await stock()).toBe(104)
  })
})
