import { type Command, configOf } from './command.ts'
import { createProgress } from './progress.ts'
import { seed } from './seed/seed.ts'
import { seedProfile } from './seed/seed-profile.ts'

export const seedCommand: Command = {
  summary: 'Fills an empty data directory with a shop.',
  usage: 'recoup seed [--profile demo|load-test|FILE] [--data recoup-data]',
  options: { profile: { type: 'string' }, data: { type: 'string' } },
  positionals: 0,
  async run(given, terminal) {
    const config = configOf(given, terminal)
    const name = String(given.values['profile'] ?? 'demo')
    const profile = await seedProfile(name)
    const shop = terminal.openShop(config)
    try {
      await seed(profile, shop, createProgress(terminal.errorStream, terminal.clock))
    } finally {
      await shop.close()
    }
    const { products, customers, coupons } = profile
    terminal.out(
      `seeded ${config.dataDirectory}: ${products.length} products, ${customers.length} customers, ${coupons.length} coupons`,
    )
    return 0
  },
}
