/** One thing that is measured; `args` are those of `load.ts`. */
export interface Load {
  name: string
  args: readonly string[]
}

export const spreadLoad: Load = { name: 'order + pay, 100 clients', args: ['--clients', '100'] }
/** Ends before the one option's 100,000 units do. */
export const hotLoad: Load = {
  name: 'hot product, 100 clients',
  args: ['--clients', '100', '--hot', '--orders-max', '99000'],
}
export const spikeLoad: Load = { name: 'coupon spike, 0 to 1,500 clients', args: ['--spike'] }

export const orderLoads: readonly Load[] = [
  { name: 'order + pay, 1 client', args: ['--clients', '1'] },
  { name: 'order + pay, 10 clients', args: ['--clients', '10'] },
  spreadLoad,
  hotLoad,
]
