import '../ask.css'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { EventRow } from '../client/events.ts'
import { eventsText } from '../text/events.ts'
import { useLanguage, useText } from '../text/language.ts'
import { Mask } from './mask.tsx'
import { PageLink } from './page-link.tsx'
import { Sign } from './sign.tsx'

interface EventListProps {
  readonly rows: readonly EventRow[]
  readonly selected: ReadonlySet<string>
  readonly onSelect: (row: EventRow, chosen: boolean) => void
  readonly onOpen: (row: EventRow) => void
  /** The row whose details are open. */
  readonly open: string | undefined
}

/** Pixels of a row's height before it is measured. */
const rowHeight = 40

/** Events as a table of which only the rows in sight are drawn. */
export function EventList({ rows, selected, onSelect, onOpen, open }: EventListProps) {
  const t = useText(eventsText)
  const language = useLanguage()
  const box = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string>()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  })
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === focused),
  )
  const move = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to))
    setFocused(rows[index]?.id)
    virtual.scrollToIndex(index)
  }
  useEffect(() => {
    if (focused === undefined || !box.current?.contains(document.activeElement)) return
    box.current.querySelector<HTMLElement>(`[data-event="${CSS.escape(focused)}"]`)?.focus()
  }, [focused])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10 }[event.key]
    const row = rows[at]
    if (step !== undefined) move(at + step)
    else if (event.key === 'Home') move(0)
    else if (event.key === 'Enter' && row !== undefined && !(event.target instanceof HTMLAnchorElement))
      onOpen(row)
    else if (event.key === ' ' && row !== undefined) onSelect(row, !selected.has(row.id))
    else return
    event.preventDefault()
  }
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium', dateStyle: 'short' })
  return (
    <div className="event-list" ref={box}>
      <table aria-label={t.rows} aria-rowcount={rows.length + 1}>
        <thead>
          <tr className="event-row event-head">
            {[t.select(''), t.time, t.name, t.who, t.source, t.result, t.resource, t.why].map(
              (text, index) => (
                <th key={text} scope="col">
                  {index === 0 ? <span className="visually-hidden">{text}</span> : text}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <tr
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                data-event={row.id}
                aria-rowindex={index + 2}
                tabIndex={index === at ? 0 : -1}
                aria-current={row.id === open}
                className={`event-row ${row.errorCode === undefined ? '' : 'is-denied'} ${row.id === open ? 'is-open' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => {
                  setFocused(row.id)
                  onOpen(row)
                }}
                onFocus={() => setFocused(row.id)}
                onKeyDown={onKeyDown}
              >
                <td>
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label={t.select(row.name)}
                    checked={selected.has(row.id)}
                    onClick={(event) => event.stopPropagation()}
                    onChange={(event) => onSelect(row, event.target.checked)}
                  />
                </td>
                <td>
                  <time dateTime={row.time} title={row.time}>
                    {time.format(new Date(row.time))}
                  </time>
                </td>
                <td lang="en" className="event-name">
                  {row.name}
                </td>
                <td lang="en" dir="auto" className="event-who" title={row.who}>
                  {row.role !== undefined && <Mask role={row.role} size={20} />}
                  {shortWho(row.who)}
                </td>
                <td lang="en">{row.source.replace('.amazonaws.com', '')}</td>
                <td lang="en">
                  {row.errorCode === undefined ? (
                    <>
                      <Sign name="yes" />
                      <span className="visually-hidden">{t.ok}</span>
                    </>
                  ) : (
                    <>
                      <Sign name="no" /> {row.errorCode}
                    </>
                  )}
                </td>
                <td lang="en" dir="auto" className="event-resource">
                  {resourceOf(row)}
                </td>
                <td>
                  {row.decision !== undefined && (
                    <PageLink to={`/d/${encodeURIComponent(row.decision)}`}>{t.why}</PageLink>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** `user/alice`, or of a session `deployer/alice`: the role and the session's name. */
export function shortWho(who: string): string {
  return who.startsWith('arn:') ? who.slice(who.lastIndexOf(':') + 1).replace(/^assumed-role\//, '') : who
}

function resourceOf({ resources, asked }: EventRow): string {
  const [asking] = asked ?? []
  const text = asking?.resource ?? resources[0]?.name ?? ''
  return text.startsWith('arn:') ? text.split(':').slice(5).join(':') : text
}
