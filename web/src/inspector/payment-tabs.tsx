import { useText } from '../frame/language.tsx'
import { Notice } from '../parts/notice.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { ContextTab } from './context-tab.tsx'
import { EventsTab } from './events-tab.tsx'
import { paymentPlace, tabNames } from './payment-search.ts'
import { SequenceTab } from './sequence-tab.tsx'
import { StatechartTab } from './statechart-tab.tsx'
import { text } from './text.ts'
import { TimelineTab } from './timeline-tab.tsx'
import type { Viewed } from './viewed.ts'

/** The views of a payment; which one is shown stands in the address. */
export function PaymentTabs(viewed: Viewed) {
  const words = useText(text)
  const { tab = 'timeline' } = paymentPlace.useSearch()
  const navigate = paymentPlace.useNavigate()
  const isTold = viewed.history.entries.length > 0
  const views = {
    timeline: TimelineTab,
    statechart: StatechartTab,
    sequence: SequenceTab,
    events: EventsTab,
    context: ContextTab,
  }
  const View = views[tab]
  return (
    <Sheet className="min-w-0">
      <Tabs
        label={words.tabs}
        tabs={tabNames.map(name => ({ name, label: words[name] }))}
        chosen={tab}
        onChoose={name =>
          void navigate({ search: search => ({ ...search, tab: name }), replace: true, resetScroll: false })
        }
      >
        {isTold || tab === 'events' ? <View {...viewed} /> : <Notice sign="…" title={words.nothingTold} />}
      </Tabs>
    </Sheet>
  )
}
