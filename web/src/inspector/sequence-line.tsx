import { laneLooks } from './lane-look.ts'
import type { Arrow, SequenceStep, Silence } from './sequence.ts'
import { useStepWords } from './step-words.ts'

/** Width of a lifeline in pixels: the longest name of a message fits between two. */
export const lifelinePx = 124
/** Room on the left for the numbers of the moments. */
export const marginPx = 44
const heightPx = 40
const arrowYPx = 28

const middleOf = (place: number) => marginPx + place * lifelinePx + lifelinePx / 2

/** One message of a sequence, with what it says when it is open. */
export function SequenceLine({
  number,
  step,
  places,
  isHere,
  isLater,
  isOpen,
  onChoose,
}: {
  number: number
  step: SequenceStep
  places: ReadonlyMap<string, number>
  isHere: boolean
  isLater: boolean
  isOpen: boolean
  onChoose(): void
}) {
  const { label, spoken } = useStepWords()(step)
  return (
    <li data-step={number} data-type={step.kind === 'message' ? step.type : 'silence'} data-lane={step.lane}>
      <button
        type="button"
        aria-label={spoken}
        aria-current={isHere ? 'step' : undefined}
        aria-expanded={step.kind === 'message' && !step.isUntold ? isOpen : undefined}
        onClick={onChoose}
        className={`block w-full text-left hover:bg-paper ${isHere ? 'bg-accent-soft' : ''}`}
      >
        <svg
          width={marginPx + places.size * lifelinePx}
          height={heightPx}
          aria-hidden="true"
          className={`block ${isLater ? 'text-muted' : laneLooks[step.lane].ink}`}
        >
          {[...places.values()].map(place => (
            <line
              key={place}
              x1={middleOf(place)}
              x2={middleOf(place)}
              y1={0}
              y2={heightPx}
              className="stroke-line"
              strokeWidth="1.5"
            />
          ))}
          <text
            x={marginPx - 10}
            y={arrowYPx}
            textAnchor="end"
            className="fill-muted text-[0.6875rem] tabular-nums"
          >
            {`${step.position} `}
          </text>
          {step.kind === 'message' ? (
            <ArrowDrawn arrow={step} label={label} places={places} isLater={isLater} />
          ) : (
            <SilenceDrawn silence={step} label={label} places={places} />
          )}
        </svg>
      </button>
      {isOpen && step.kind === 'message' && !step.isUntold && (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
          tabIndex={0}
          className="sticky left-0 m-2 max-h-64 max-w-[min(40rem,80vw)] overflow-auto rounded-lg border border-line bg-paper p-2 text-xs"
        >
          {JSON.stringify(step.message, null, 2)}
        </pre>
      )}
    </li>
  )
}

/** Commands are solid, replies dashed, undos dash-dotted; what never arrived is dotted and ends in a cross. */
function dashOf({ lane, isReply, isUntold }: Arrow): string | undefined {
  if (isUntold) return '1 5'
  if (isReply) return '5 4'
  return lane === 'undo' ? '9 3 2 3' : undefined
}

function ArrowDrawn({
  arrow,
  label,
  places,
  isLater,
}: {
  arrow: Arrow
  label: string
  places: ReadonlyMap<string, number>
  isLater: boolean
}) {
  const start = middleOf(places.get(arrow.from) ?? 0)
  const tip = middleOf(places.get(arrow.to) ?? 0)
  const way = Math.sign(tip - start)
  // Something that never arrived stops short of its receiver.
  const end = arrow.isUntold ? tip - way * 26 : tip - way
  const head = `${end - way * 8},${arrowYPx - 4.5} ${end},${arrowYPx} ${end - way * 8},${arrowYPx + 4.5}`
  const ink = arrow.isRefusal && !isLater ? 'text-danger' : ''
  return (
    <g className={ink}>
      <line
        x1={start}
        x2={end}
        y1={arrowYPx}
        y2={arrowYPx}
        stroke="currentColor"
        strokeWidth={arrow.isReply ? 1.25 : 1.75}
        strokeLinecap={arrow.isUntold ? 'round' : 'butt'}
        strokeDasharray={dashOf(arrow)}
      />
      {arrow.isUntold ? (
        <path
          d={`M${end - 5} ${arrowYPx - 5}l10 10m0-10l-10 10`}
          stroke="currentColor"
          strokeWidth="1.75"
          fill="none"
        />
      ) : (
        <polyline
          points={head}
          stroke="currentColor"
          strokeWidth="1.25"
          fill={arrow.isReply ? 'none' : 'currentColor'}
        />
      )}
      <text
        x={(start + tip) / 2}
        y={arrowYPx - 9}
        textAnchor="middle"
        className="fill-current stroke-sheet font-mono text-[0.6875rem] font-medium"
        strokeWidth="4"
        paintOrder="stroke"
      >
        {label}
      </text>
    </g>
  )
}

function SilenceDrawn({
  silence,
  label,
  places,
}: {
  silence: Silence
  label: string
  places: ReadonlyMap<string, number>
}) {
  const x = middleOf(places.get(silence.of) ?? 0)
  return (
    <g className="text-muted">
      <circle cx={x} cy={heightPx / 2} r="8" className="fill-sheet" stroke="currentColor" strokeWidth="1.5" />
      <path
        d={`M${x} ${heightPx / 2 - 4}v4l3 2`}
        stroke="currentColor"
        strokeWidth="1.5"
        fill="none"
        strokeLinecap="round"
      />
      <text
        x={x + 14}
        y={heightPx / 2 + 4}
        className="fill-current stroke-sheet text-[0.75rem]"
        strokeWidth="4"
        paintOrder="stroke"
      >
        {label}
      </text>
    </g>
  )
}
