import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const english = readFileSync('README.md', 'utf8')
const korean = readFileSync('README.ko.md', 'utf8')

/** The blocks of commands, without what is said about them behind `#`. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block)
  return blocks
    .join('')
    .split('\n')
    .map(line => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(line => line !== '')
}

const headingLevels = (text: string) =>
  [...text.replace(/^```.*?^```/gms, '').matchAll(/^(#+) /gm)].map(([, signs = '']) => signs.length)

const codeIn = (text: string) =>
  new Set([...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code))

const linksIn = (text: string) => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target).sort()

describe('The Korean README', () => {
  it('has the headings of the English one', () => {
    expect(headingLevels(korean)).toEqual(headingLevels(english))
    expect(headingLevels(korean).length).toBeGreaterThan(8)
  })

  it('has its commands, every one and in order', () => {
    expect(commandsIn(korean)).toEqual(commandsIn(english))
    expect(commandsIn(korean).length).toBeGreaterThan(30)
  })

  it('names the same settings, routes and files', () => {
    expect([...codeIn(korean)].sort()).toEqual([...codeIn(english)].sort())
  })

  it('links to the same places, each of which is there', () => {
    const own = (target: string) => !/^README/.test(target)
    expect(linksIn(korean).filter(own)).toEqual(linksIn(english).filter(own))
    for (const target of linksIn(korean).filter(target => !target.startsWith('http'))) {
      expect(existsSync(target.replace(/#.*/, '')), target).toBe(true)
    }
  })

  it('is Korean', () => {
    expect(korean.match(/[가-힣]/g)?.length ?? 0).toBeGreaterThan(2_000)
  })
})
