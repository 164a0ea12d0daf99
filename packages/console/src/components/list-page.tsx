import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import TextFilter from '@cloudscape-design/components/text-filter'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react'
import { compareRows, textOf, useReadyTexts } from '../client/rows.ts'
import { useLanguage, useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { Failure } from './failure.tsx'
import { LongCards } from './long-cards.tsx'
import { type Column, LongTable, type Sorting } from './long-table.tsx'

export interface ListPageProps<T> {
  readonly title: string
  readonly description?: string
  /** The rows, as they are fetched. */
  readonly rows: UseQueryResult<readonly T[]>
  /** Returns the id of a row. */
  readonly idOf: (row: T) => string
  readonly columns: readonly Column<T>[]
  /** Shown in place of rows if there are none. */
  readonly empty: { readonly title: string; readonly hint: string }
  readonly find: string
  readonly actions?: ReactNode
  /** The creation of a row: the label of its button, and the dialog that the button opens. */
  readonly create?: { readonly label: string; readonly dialog: (onClose: () => void) => ReactNode }
  /** Further filters beside the text. */
  readonly filters?: ReactNode
  /** Which rows the further filters leave; the same function as long as they are the same. */
  readonly fits?: (row: T) => boolean
  /** If given, rows are shown as cards. */
  readonly card?: (row: T) => ReactNode
}

/** A page that is a list: sorted, filtered by text, and as long as it may be. */
export function ListPage<T extends object>(props: ListPageProps<T>) {
  const { title, rows, idOf, columns, empty, find, filters, fits, card, create } = props
  const shell = useText(shellText)
  const [text, setText] = useState('')
  const [creating, setCreating] = useState(false)
  const [sorting, setSorting] = useState<Sorting | undefined>(
    columns[0] && { column: columns[0].id, descending: false },
  )
  const shown = useShown(rows.data ?? none, columns, sorting, fits, text)
  const header = (
    <Header
      variant="h1"
      counter={rows.data === undefined ? '' : `(${rows.data.length})`}
      {...(props.description === undefined ? {} : { description: props.description })}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {props.actions}
          {create !== undefined && (
            <Button variant="primary" onClick={() => setCreating(true)}>
              {create.label}
            </Button>
          )}
        </SpaceBetween>
      }
    >
      {title}
    </Header>
  )
  if (rows.isError)
    return (
      <SpaceBetween size="l">
        {header}
        {creating && create?.dialog(() => setCreating(false))}
        <Failure error={rows.error} onRetry={() => void rows.refetch()} />
      </SpaceBetween>
    )
  const nothing =
    rows.data?.length === 0 ? (
      <Nothing title={empty.title} hint={empty.hint} />
    ) : (
      <Nothing title={shell.noMatch} hint="" />
    )
  return (
    <SpaceBetween size="m">
      {header}
      {creating && create?.dialog(() => setCreating(false))}
      <div className="filters">
        <TextFilter
          filteringText={text}
          onChange={({ detail }) => setText(detail.filteringText)}
          filteringPlaceholder={find}
          filteringAriaLabel={find}
          countText={text === '' ? '' : shell.matches(shown.length)}
        />
        {filters}
      </div>
      {rows.isPending ? (
        <StatusIndicator type="loading">{shell.loading}</StatusIndicator>
      ) : card === undefined ? (
        <LongTable
          label={title}
          rows={shown}
          idOf={idOf}
          columns={columns}
          sorting={sorting}
          onSort={setSorting}
          empty={nothing}
        />
      ) : (
        <>
          {shown.length === 0 && nothing}
          <LongCards label={title} rows={shown} idOf={idOf} card={card} />
        </>
      )}
    </SpaceBetween>
  )
}

const none: readonly never[] = []

/** The rows in their order, of them those that hold the text. Sorting does not wait for the text, nor typing for the list. */
function useShown<T extends object>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  sorting: Sorting | undefined,
  fits: ((row: T) => boolean) | undefined,
  text: string,
): readonly T[] {
  const language = useLanguage()
  const member = columns.find(({ id }) => id === sorting?.column)?.sortingField
  const descending = sorting?.descending === true
  const sorted = useMemo(
    () => (member === undefined ? rows : rows.toSorted(compareRows(member, descending, language))),
    [rows, member, descending, language],
  )
  useReadyTexts(rows)
  const sought = useDeferredValue(text).trim().toLowerCase()
  return useMemo(
    () =>
      sought === '' && fits === undefined
        ? sorted
        : sorted.filter((row) => (fits === undefined || fits(row)) && textOf(row).includes(sought)),
    [sorted, fits, sought],
  )
}

function Nothing({ title, hint }: { readonly title: string; readonly hint: string }) {
  return (
    <Box textAlign="center" padding="l">
      <SpaceBetween size="xs">
        <b>{title}</b>
        <span>{hint}</span>
      </SpaceBetween>
    </Box>
  )
}
