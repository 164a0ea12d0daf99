import { useCollection } from '@cloudscape-design/collection-hooks'
import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import TextFilter from '@cloudscape-design/components/text-filter'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { Failure } from './failure.tsx'

/** Rows of a page: a table of 5,000 stays quick since only these are drawn. */
const pageSize = 50

export interface ListPageProps<T> {
  readonly title: string
  readonly description?: string
  /** The rows, as they are fetched. */
  readonly rows: UseQueryResult<readonly T[]>
  /** What tells rows apart. */
  readonly idOf: (row: T) => string
  readonly columns: readonly TableProps.ColumnDefinition<T>[]
  /** What stands in the place of rows where there are none. */
  readonly empty: { readonly title: string; readonly hint: string }
  readonly find: string
  readonly actions?: ReactNode
  /** Further filters beside the text. */
  readonly filters?: ReactNode
  /** If given, rows are shown as cards. */
  readonly card?: (row: T) => ReactNode
}

/** A page that is a table: sorted, filtered and paged, as in AWS's console. */
export function ListPage<T>(props: ListPageProps<T>) {
  const { title, rows, idOf, columns, empty, find, filters, card } = props
  const shell = useText(shellText)
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(
    rows.data ?? [],
    {
      filtering: {
        empty: <Nothing title={empty.title} hint={empty.hint} />,
        noMatch: <Nothing title={shell.noMatch} hint="" />,
      },
      pagination: { pageSize },
      sorting: { ...(columns[0] && { defaultState: { sortingColumn: columns[0] } }) },
    },
  )
  const header = (
    <Header
      variant="h1"
      counter={rows.data === undefined ? '' : `(${rows.data.length})`}
      {...(props.description === undefined ? {} : { description: props.description })}
      actions={props.actions}
    >
      {title}
    </Header>
  )
  if (rows.isError)
    return (
      <SpaceBetween size="l">
        {header}
        <Failure error={rows.error} onRetry={() => void rows.refetch()} />
      </SpaceBetween>
    )
  const filter = (
    <div className="filters">
      <TextFilter
        {...filterProps}
        filteringPlaceholder={find}
        filteringAriaLabel={find}
        countText={filterProps.filteringText === '' ? '' : shell.matches(filteredItemsCount ?? 0)}
      />
      {filters}
    </div>
  )
  if (card !== undefined)
    return (
      <SpaceBetween size="m">
        {header}
        {filter}
        <Pagination {...paginationProps} />
        {items.length === 0 && collectionProps.empty}
        <ul className="mask-cards">
          {items.map((row) => (
            <li key={idOf(row)}>{card(row)}</li>
          ))}
        </ul>
      </SpaceBetween>
    )
  return (
    <Table
      {...collectionProps}
      variant="full-page"
      loading={rows.isPending}
      loadingText={shell.loading}
      items={items}
      trackBy={idOf}
      header={header}
      filter={filter}
      pagination={<Pagination {...paginationProps} />}
      columnDefinitions={columns}
    />
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
