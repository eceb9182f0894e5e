import type { ReactNode } from 'react'

/*
 * A picture of every product, drawn from its name and number: what kind of thing it is, in one of a few palettes. The same
 * product always looks the same, and nothing is asked of anywhere.
 */

/** Ground, table, thing, shade, light. */
type Palette = readonly [string, string, string, string, string]

const palettes: readonly Palette[] = [
  ['#efe3d3', '#e2cfb6', '#c8643c', '#a94f2c', '#f6d9c3'],
  ['#dfe8e2', '#c7d8cd', '#3d7a62', '#2c5d4a', '#cfe6d8'],
  ['#e3e6f0', '#ccd2e4', '#4d619e', '#3a4b80', '#d5def6'],
  ['#f3e4e4', '#e5cccd', '#b24f62', '#8f3c4d', '#f8d7da'],
  ['#f1ead0', '#e3d7ac', '#b98a1f', '#946d15', '#fbeebc'],
  ['#e6e1ea', '#d3cadb', '#735a8e', '#594372', '#e5d9ef'],
  ['#dde8eb', '#c2d6db', '#2f7688', '#215a69', '#c9e6ec'],
]

/** A thing that is called red is red. */
const colours: readonly (readonly [RegExp, number])[] = [
  [/\b(red|strawberry|poppy|cherry)\b/i, 3],
  [/\b(pink|rose)\b/i, 3],
  [/\b(blue|spaceboy)\b/i, 2],
  [/\b(green|woodland)\b/i, 1],
  [/\b(yellow|gold|ivory|cream)\b/i, 4],
  [/\b(purple|lavender)\b/i, 5],
]

type Drawing = (palette: Palette) => ReactNode

const shirt: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M70 62 92 54q8 10 16 0l22 8 18 26-18 12-6-8v56H76V92l-6 8-18-12Z" fill={thing} />
    <path d="M92 54q8 10 16 0l-2 12q-6 6-12 0Z" fill={shade} />
    <path d="M100 70v78" stroke={light} strokeWidth="2" strokeDasharray="2 9" strokeLinecap="round" />
  </>
)

const jacket: Drawing = ([, , thing, shade, light]) => (
  <>
    <path
      d="m74 58 18-6h16l18 6q10 6 12 24l8 50-14 4-8-40v54H76V96l-8 40-14-4 8-50q2-18 12-24Z"
      fill={thing}
    />
    <path d="m92 52 8 16 8-16 8 3-16 33-16-33Z" fill={shade} />
    <path d="M100 88v62" stroke={shade} strokeWidth="2" />
    <circle cx="106" cy="100" r="2.5" fill={light} />
    <circle cx="106" cy="118" r="2.5" fill={light} />
    <circle cx="106" cy="136" r="2.5" fill={light} />
  </>
)

const belt: Drawing = ([, , thing, shade, light]) => (
  <>
    <path
      d="M100 148a42 42 0 1 1 30-12l26 12"
      fill="none"
      stroke={thing}
      strokeWidth="15"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
    <path d="M80 136h28v22H80Z" fill="none" stroke={shade} strokeWidth="6" />
    <path d="M94 147h20" stroke={light} strokeWidth="4" strokeLinecap="round" />
  </>
)

const trousers: Drawing = ([, , thing, shade]) => (
  <>
    <path d="M76 52h48l10 98h-24l-10-62-10 62H66Z" fill={thing} />
    <path d="M76 52h48l1 9H75Z" fill={shade} />
  </>
)

const sock: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M84 50h30v56l26 20q10 12-4 20-14 6-28-6l-26-22Z" fill={thing} />
    <path d="M84 50h30v14H84Z" fill={shade} />
    <path d="M84 72h30M84 82h30" stroke={light} strokeWidth="4" />
  </>
)

const bag: Drawing = ([, , thing, shade, light]) => (
  <>
    <path
      d="M82 82V70q0-20 18-20t18 20v12"
      fill="none"
      stroke={shade}
      strokeWidth="6"
      strokeLinecap="round"
    />
    <path d="M64 80h72l8 70H56Z" fill={thing} />
    <circle cx="86" cy="116" r="7" fill={light} />
    <circle cx="114" cy="116" r="7" fill={light} />
    <circle cx="100" cy="98" r="7" fill={light} />
    <circle cx="100" cy="134" r="7" fill={light} />
  </>
)

const mug: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M122 88h10q16 0 16 17t-16 17h-10" fill="none" stroke={shade} strokeWidth="9" />
    <path d="M62 72h64v60q0 18-18 18H80q-18 0-18-18Z" fill={thing} />
    <path d="M62 98h64v12H62Z" fill={light} />
    <path
      d="M82 60q-6-8 0-14t0-12M104 60q-6-8 0-14t0-12"
      fill="none"
      stroke={shade}
      strokeWidth="3"
      strokeLinecap="round"
      opacity=".5"
    />
  </>
)

const heart: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M100 40v26" stroke={shade} strokeWidth="3" />
    <path d="M100 150Q48 116 52 86q4-24 26-22 16 2 22 18 6-16 22-18 22-2 26 22 4 30-48 64Z" fill={thing} />
    <path d="M70 78q-8 4-6 18" fill="none" stroke={light} strokeWidth="5" strokeLinecap="round" />
  </>
)

const box: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M58 86h84v64H58Z" fill={thing} />
    <path d="M52 72h96v18H52Z" fill={shade} />
    <path d="M94 72h12v78H94Z" fill={light} />
    <path d="M100 72q-26-22-28-8t28 8q26-22 28-8t-28 8Z" fill="none" stroke={light} strokeWidth="5" />
  </>
)

const candle: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M100 40q13 16 0 28-13-12 0-28Z" fill={light} stroke={shade} strokeWidth="2" />
    <path d="M100 68v12" stroke={shade} strokeWidth="3" />
    <path d="M84 80h32v52H84Z" fill={thing} />
    <path d="M84 80h9v52h-9Z" fill={light} opacity=".5" />
    <path d="M66 132h68l-8 18H74Z" fill={shade} />
  </>
)

const clock: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="m66 144-8 8m76-8 8 8" stroke={shade} strokeWidth="7" strokeLinecap="round" />
    <path d="M62 66q-6-12 8-16l10 6Zm76 0q6-12-8-16l-10 6Z" fill={shade} />
    <circle cx="100" cy="104" r="46" fill={thing} />
    <circle cx="100" cy="104" r="34" fill={light} />
    <path d="M100 82v22l14 10" fill="none" stroke={shade} strokeWidth="5" strokeLinecap="round" />
  </>
)

const frame: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="m100 42-22 20m22-20 22 20" stroke={shade} strokeWidth="2" />
    <path d="M54 60h92v90H54Z" fill={thing} />
    <path d="M66 72h68v66H66Z" fill={light} />
    <path d="m66 138 22-30 16 18 12-12 18 24Z" fill={shade} />
    <circle cx="118" cy="88" r="7" fill={thing} />
  </>
)

const cake: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M68 106h64l-9 44H77Z" fill={shade} />
    <path d="M82 108l4 42m14-42v42m18-42-4 42" stroke={thing} strokeWidth="3" />
    <path d="M60 106q-6-18 12-22 4-22 28-22t28 22q18 4 12 22Z" fill={light} />
    <circle cx="100" cy="58" r="9" fill={thing} />
  </>
)

const bottle: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M90 44h20v12H90Z" fill={shade} />
    <path d="M92 56h16v14q20 8 20 30v36q0 14-14 14H86q-14 0-14-14v-36q0-22 20-30Z" fill={thing} />
    <path d="M72 104h56v26H72Z" fill={light} />
  </>
)

const umbrella: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M100 58v78q0 14 13 14t13-12" fill="none" stroke={shade} strokeWidth="6" strokeLinecap="round" />
    <path d="M48 106q4-52 52-54 48 2 52 54-13-12-26 0-13-12-26 0-13-12-26 0-13-12-26 0Z" fill={thing} />
    <path d="M74 106q2-40 26-54 24 14 26 54-13-12-26 0-13-12-26 0Z" fill={light} opacity=".45" />
  </>
)

const star: Drawing = ([, , thing, , light]) => (
  <>
    <path d="m100 44 16 36 38 4-29 26 9 38-34-20-34 20 9-38-29-26 38-4Z" fill={thing} />
    <path d="m100 44 16 36-16 20-16-20Z" fill={light} opacity=".5" />
  </>
)

const vase: Drawing = ([, , thing, shade, light]) => (
  <>
    <path
      d="M100 84V48m0 20q-20-2-22-20 20 0 22 20Zm0-8q18-4 20-20-20 2-20 20Z"
      fill={shade}
      stroke={shade}
      strokeWidth="3"
    />
    <path d="M86 84h28q-2 12 12 24 10 16-2 34-6 8-24 8t-24-8q-12-18-2-34 14-12 12-24Z" fill={thing} />
    <path d="M72 122h56" stroke={light} strokeWidth="5" />
  </>
)

const cushion: Drawing = ([, , thing, shade, light]) => (
  <>
    <path d="M58 62q42 10 84 0-10 42 0 88-42-10-84 0 10-46 0-88Z" fill={thing} />
    <path
      d="M72 76q28 6 56 0-6 28 0 60-28-6-56 0 6-32 0-60Z"
      fill="none"
      stroke={light}
      strokeWidth="3"
      strokeDasharray="3 6"
    />
    <circle cx="100" cy="106" r="6" fill={shade} />
  </>
)

/** What is known by a word in its name; the first that fits. */
const known: readonly (readonly [RegExp, Drawing])[] = [
  [/cardigan|jacket|sweater|\bcoat(?! rack| hanger)/i, jacket],
  [/shirt|apron/i, shirt],
  [/belt/i, belt],
  [/trouser|jeans/i, trousers],
  [/sock|stocking|warmer/i, sock],
  [/bag|shopper|tote|purse/i, bag],
  [/umbrella|parasol/i, umbrella],
  [/clock|watch/i, clock],
  [/t-light|candle|lantern|light|lamp|incense/i, candle],
  [/cake|muffin|bun\b|baking/i, cake],
  [/\b(mugs?|cups?|tea|beakers?|coffee|jug)\b/i, mug],
  [/heart|love/i, heart],
  [/box|tin|case|gift|drawer|cabinet|set of|set\//i, box],
  [/sign|frame|picture|card|paper|block|jigsaw|sticker/i, frame],
  [/bottle|jar|glass|milk/i, bottle],
  [/star|christmas|decoration|snow|angel/i, star],
  [/cushion|towel|doormat|blanket|rug|felt/i, cushion],
]
const otherwise: readonly Drawing[] = [vase, box, star, cushion, bottle]

/** A product's picture; it says nothing that its name beside it does not. */
export function ProductPicture({
  id,
  name,
  className = '',
}: {
  id: number
  name: string
  className?: string
}) {
  const seed = seedOf(id, name)
  const coloured = colours.find(([word]) => word.test(name))?.[1]
  const palette = palettes[coloured ?? seed % palettes.length] ?? palettes[0]
  const drawing = known.find(([word]) => word.test(name))?.[1] ?? otherwise[(seed >>> 4) % otherwise.length]
  if (palette === undefined || drawing === undefined) return null
  const [ground, table] = palette
  const sunX = 40 + ((seed >>> 8) % 120)
  return (
    <svg
      viewBox="0 0 200 200"
      aria-hidden="true"
      className={`block w-full bg-paper ${className}`}
      preserveAspectRatio="xMidYMid slice"
    >
      <path d="M-100-100h400v400h-400Z" fill={ground} />
      <circle
        cx={sunX}
        cy={56 + ((seed >>> 12) % 40)}
        r={38 + ((seed >>> 16) % 22)}
        fill={table}
        opacity=".75"
      />
      <path d="M-100 150h400v150h-400Z" fill={table} />
      <ellipse cx="100" cy="153" rx="54" ry="6" fill="#000" opacity=".13" />
      {drawing(palette)}
    </svg>
  )
}

/** A number that is the same for the same product, and differs between neighbours. */
function seedOf(id: number, name: string): number {
  let hash = 2_166_136_261
  for (const letter of `${id} ${name}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619)
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519)
  return (hash ^ (hash >>> 13)) >>> 0
}
