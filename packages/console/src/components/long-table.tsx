import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type JSX, memo, type ReactNode, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { Sign } from './sign.tsx'

/** A column of a long table. */
export interface Column<T> {
  readonly id: string
  readonly header: string
  readonly cell: (row: T) => ReactNode
  /** The member that the column is sorted by; absent if the column is not sortable. */
  readonly sortingField?: string
  /** Whether the column names the row for screen readers. */
  readonly isRowHeader?: boolean
}

/** The column that rows are sorted by. */
export interface Sorting {
  readonly column: string
  readonly descending: boolean
}

interface LongTableProps<T> {
  /** The accessible name. */
  readonly label: string
  readonly rows: readonly T[]
  readonly idOf: (row: T) => string
  readonly columns: readonly Column<T>[]
  readonly sorting: Sorting | undefined
  readonly onSort: (sorting: Sorting) => void
  /** The content in place of rows if there are none. */
  readonly empty: ReactNode
}

/** Pixels of a row before it is measured. */
const rowHeight = 49
/** Rows that are drawn above and below those in sight. */
const overscan = 10

/** A table that scrolls with the page, of which only the rows in sight are drawn: 5,000 rows cost as much as 50. */
export function LongTable<T>(props: LongTableProps<T>) {
  const { label, rows, idOf, columns, sorting, onSort, empty } = props
  const { box, margin } = useTop()
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize,
    getItemKey: useKeys(rows, idOf), // another function would reset the heights of all rows
    overscan,
    scrollMargin: margin,
    useFlushSync: false,
  })
  const drawn = virtual.getVirtualItems()
  const before = (drawn[0]?.start ?? margin) - margin
  const after = virtual.getTotalSize() - ((drawn.at(-1)?.end ?? margin) - margin)
  return (
    <table className="long-table" aria-label={label} aria-rowcount={rows.length + 1} ref={box}>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column) => (
            <Head key={column.id} column={column} sorting={sorting} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.length === 0 && (
          <tr className="long-table-empty">
            <td colSpan={columns.length}>{empty}</td>
          </tr>
        )}
        {before > 0 && <Gap size={before} span={columns.length} />}
        {drawn.map(({ index, key }) => {
          const row = rows[index]
          return (
            row !== undefined && (
              <Row key={key} row={row} index={index} columns={columns} measure={virtual.measureElement} />
            )
          )
        })}
        {after > 0 && <Gap size={after} span={columns.length} />}
      </tbody>
    </table>
  )
}

const estimateSize = () => rowHeight

/** The key of each row by its place; the same function as long as the rows are the same. */
function useKeys<T>(rows: readonly T[], idOf: (row: T) => string): (index: number) => string | number {
  const id = useRef(idOf)
  id.current = idOf
  return useCallback(
    (index: number) => {
      const row = rows[index]
      return row === undefined ? index : id.current(row)
    },
    [rows],
  )
}

/** Where an element begins on the page, also when what is above it grows. */
export function useTop() {
  const box = useRef<HTMLTableElement & HTMLUListElement>(null)
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const look = () => {
      if (box.current !== null) setMargin(Math.round(box.current.getBoundingClientRect().top + scrollY))
    }
    look()
    const observer = new ResizeObserver(look)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [])
  return { box, margin }
}

/** The room of rows that are not drawn. */
function Gap({ size, span }: { readonly size: number; readonly span: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the row holds nothing and takes no focus
    <tr aria-hidden="true" className="long-table-gap">
      <td colSpan={span} style={{ blockSize: size }} />
    </tr>
  )
}

interface HeadProps<T> {
  readonly column: Column<T>
  readonly sorting: Sorting | undefined
  readonly onSort: (sorting: Sorting) => void
}

function Head<T>({ column, sorting, onSort }: HeadProps<T>) {
  const t = useText(shellText)
  const { id, header, sortingField } = column
  if (sortingField === undefined) return <th scope="col">{header}</th>
  const isSorted = sorting?.column === id
  const descending = isSorted && sorting.descending
  return (
    <th scope="col" aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        title={t.sortBy(header)}
        onClick={() => onSort({ column: id, descending: isSorted && !descending })}
      >
        {header}
        <span className="long-table-sort">
          <Sign name={isSorted ? (descending ? 'descending' : 'ascending') : 'unsorted'} size={12} />
        </span>
      </button>
    </th>
  )
}

interface RowProps<T> {
  readonly row: T
  readonly index: number
  readonly columns: readonly Column<T>[]
  readonly measure: (row: HTMLElement | null) => void
}

const Row = memo(PlainRow) as typeof PlainRow // memo loses the parameter of the type

function PlainRow<T>({ row, index, columns, measure }: RowProps<T>): JSX.Element {
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      {columns.map(({ id, header, cell, isRowHeader }) =>
        isRowHeader === true ? (
          <th key={id} scope="row" dir="auto">
            <div>{cell(row)}</div>
          </th>
        ) : (
          <td key={id} data-label={header} dir="auto">
            <div>{cell(row)}</div>
          </td>
        ),
      )}
    </tr>
  )
}
