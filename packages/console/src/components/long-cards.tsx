import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useLayoutEffect, useState } from 'react'
import { useTop } from './long-table.tsx'

interface LongCardsProps<T> {
  /** The accessible name. */
  readonly label: string
  readonly rows: readonly T[]
  readonly idOf: (row: T) => string
  readonly card: (row: T) => ReactNode
}

/** A card's least width and its height, and the gap between cards. Pixels, as in the style sheet. */
const card = { width: 180, height: 204, gap: 16 } as const

const estimateSize = () => card.height

/** Cards in a grid that scrolls with the page, of which only those in sight are drawn. */
export function LongCards<T>({ label, rows, idOf, card: draw }: LongCardsProps<T>) {
  const { box, margin } = useTop()
  const [columns, setColumns] = useState(1)
  useLayoutEffect(() => {
    const list = box.current
    if (list === null) return
    const observer = new ResizeObserver(() =>
      setColumns(Math.max(1, Math.floor((list.clientWidth + card.gap) / (card.width + card.gap)))),
    )
    observer.observe(list)
    return () => observer.disconnect()
  }, [box])
  const virtual = useWindowVirtualizer({
    count: Math.ceil(rows.length / columns),
    estimateSize,
    gap: card.gap,
    overscan: 3,
    scrollMargin: margin,
    useFlushSync: false,
  })
  const drawn = virtual.getVirtualItems()
  const before = (drawn[0]?.start ?? margin) - margin
  const after = virtual.getTotalSize() - ((drawn.at(-1)?.end ?? margin) - margin)
  const first = (drawn[0]?.index ?? 0) * columns
  const end = ((drawn.at(-1)?.index ?? -1) + 1) * columns
  return (
    <ul
      className="mask-cards"
      aria-label={label}
      ref={box}
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        paddingBlock: `${before}px ${Math.max(0, after)}px`,
      }}
    >
      {rows.slice(first, end).map((row, index) => (
        <li key={idOf(row)} aria-setsize={rows.length} aria-posinset={first + index + 1}>
          {draw(row)}
        </li>
      ))}
    </ul>
  )
}
