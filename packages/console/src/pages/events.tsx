import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import PropertyFilter, { type PropertyFilterProps } from '@cloudscape-design/components/property-filter'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import { type EventRow, mostRows, useEvents } from '../client/events.ts'
import { EventDetail } from '../components/event-detail.tsx'
import { EventList } from '../components/event-list.tsx'
import { Failure } from '../components/failure.tsx'
import { CasesOfEvents, PolicyOfEvents } from '../components/made-of-events.tsx'
import { eventsText } from '../text/events.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'

const properties = ['name', 'source', 'who', 'role', 'resource', 'person'] as const
const flags = ['errors', 'reads'] as const

/** The event history: searched, followed, and made into policies and test cases. The address has the filters. */
export default function EventsPage() {
  const t = useText(eventsText)
  const shell = useText(shellText)
  const [params, setParams] = useSearchParams()
  const [live, setLive] = useState(true)
  const [open, setOpen] = useState<EventRow>()
  const [selected, setSelected] = useState<ReadonlyMap<string, EventRow>>(new Map())
  const [making, setMaking] = useState<'policy' | 'cases'>()
  const filter = useMemo(() => filterOf(params), [params])
  const events = useEvents(filter, live)
  const change = (make: (next: URLSearchParams) => void) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before)
        make(next)
        return next
      },
      { replace: true },
    )
  const flag = (name: (typeof flags)[number], on: boolean) =>
    change((next) => (on ? next.set(name, '1') : next.delete(name)))
  const tokens = [...properties, 'text' as const].flatMap((propertyKey) =>
    params.getAll(propertyKey).map((value) => ({
      ...(propertyKey === 'text' ? {} : { propertyKey }),
      operator: propertyKey === 'text' ? ':' : '=',
      value,
    })),
  )
  const onFilter = ({ detail }: { detail: PropertyFilterProps.Query }) =>
    change((next) => {
      for (const name of [...properties, 'text']) next.delete(name)
      for (const { propertyKey, value } of detail.tokens) next.append(propertyKey ?? 'text', String(value))
    })
  const select = (row: EventRow, chosen: boolean) => {
    const next = new Map(selected)
    if (chosen) next.set(row.id, row)
    else next.delete(row.id)
    setSelected(next)
  }
  const chosen = [...selected.values()]
  return (
    <SpaceBetween size="m">
      <Header
        variant="h1"
        description={t.description}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={chosen.length === 0} onClick={() => setMaking('policy')}>
              {t.makePolicy}
            </Button>
            <Button disabled={chosen.length === 0} onClick={() => setMaking('cases')}>
              {t.makeCases}
            </Button>
          </SpaceBetween>
        }
      >
        {t.title}
      </Header>
      <div className="filters" data-filter>
        <PropertyFilter
          query={{ tokens, operation: 'and' }}
          onChange={onFilter}
          hideOperations
          filteringPlaceholder={t.find}
          filteringAriaLabel={t.find}
          filteringProperties={properties.map((key) => ({
            key,
            propertyLabel: t[key],
            groupValuesLabel: t[key],
            operators: ['='],
          }))}
        />
        <Toggle checked={live} onChange={({ detail }) => setLive(detail.checked)}>
          {t.live}
        </Toggle>
        <Toggle checked={params.has('errors')} onChange={({ detail }) => flag('errors', detail.checked)}>
          {t.errorsOnly}
        </Toggle>
        <Toggle checked={!hidesReads(params)} onChange={({ detail }) => flag('reads', detail.checked)}>
          {t.showReads}
        </Toggle>
      </div>
      {events.error !== undefined && <Failure error={events.error} />}
      <Box color="text-body-secondary">
        <span role="status">
          {events.loading ? shell.loading : t.count(events.rows.length)}
          {chosen.length > 0 ? ` · ${t.selected(chosen.length)}` : ''}
          {events.rows.length >= mostRows ? ` · ${t.kept(mostRows)}` : ''}
        </span>
      </Box>
      {!events.loading && events.rows.length === 0 && events.error === undefined ? (
        <Box textAlign="center" padding="l">
          <b>{t.none}</b>
          <div>{hidesReads(params) ? t.noneButReads : t.noneHint}</div>
        </Box>
      ) : (
        <EventList
          rows={events.rows}
          selected={new Set(selected.keys())}
          onSelect={select}
          onOpen={setOpen}
          open={open?.id}
        />
      )}
      {events.more && (
        <Button loading={events.loading} onClick={events.loadMore}>
          {t.older}
        </Button>
      )}
      {open !== undefined && (
        <EventDetail
          row={open}
          onClose={() => setOpen(undefined)}
          onPerson={(who) =>
            change((next) => {
              for (const name of [...properties, 'text', ...flags]) next.delete(name)
              next.set('person', who)
            })
          }
        />
      )}
      {making === 'policy' && <PolicyOfEvents rows={chosen} onClose={() => setMaking(undefined)} />}
      {making === 'cases' && <CasesOfEvents rows={chosen} onClose={() => setMaking(undefined)} />}
    </SpaceBetween>
  )
}

/** Successful reads are hidden, as in AWS's console, unless the reader asks for them or for an event by its name. */
function hidesReads(params: URLSearchParams): boolean {
  return !params.has('reads') && !params.has('name')
}

function filterOf(params: URLSearchParams): string {
  const kept = new URLSearchParams()
  for (const name of [...properties, 'text', 'errors'])
    for (const value of params.getAll(name)) kept.append(name, value)
  if (hidesReads(params)) kept.append('writes', '1')
  return kept.toString()
}
