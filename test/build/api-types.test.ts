import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { apiTypes, apiTypesPath } from '../../build/api-types.ts'

describe('The types of the API that the pages go by', () => {
  it('are those of the document; `npm run api-types` makes them anew', async () => {
    expect(readFileSync(apiTypesPath, 'utf8')).toBe(await apiTypes())
  })
})
