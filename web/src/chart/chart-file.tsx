import { renderToStaticMarkup } from 'react-dom/server'
import { type Chart, ChartDrawing } from './chart-drawing.tsx'
import { text } from './text.ts'

/** The light theme, for drawings that stand outside of a page. */
const colours: Readonly<Record<string, string>> = {
  '--paper': '#f8f6f1',
  '--sheet': '#ffffff',
  '--ink': '#1d1c19',
  '--muted': '#5e5a52',
  '--line': '#e1dcd1',
  '--accent': '#0d6350',
  '--on-accent': '#ffffff',
  '--undo': '#8a4300',
  '--undo-soft': '#fbecdc',
  '--info': '#26509f',
}

/** A chart as the text of an SVG file, drawn by what draws it in the pages. */
export function chartFile(chart: Chart): string {
  const drawing = (
    <ChartDrawing
      chart={chart}
      lit={[]}
      visits={new Map()}
      taken={new Set()}
      nameOf={({ id }) => id}
      title={`${chart.id} ${chart.version}`}
      undoWord={text.en.undoLane}
    />
  )
  return renderToStaticMarkup(drawing)
    .replace(/var\((--[a-z-]+)\)/g, (variable, name: string) => colours[name] ?? variable)
    .replace(/></g, '>\n<')
    .concat('\n')
}
