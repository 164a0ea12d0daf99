import type { Column } from './long-table.tsx'
import { PageLink } from './page-link.tsx'
import { Time } from './time.tsx'

/** The column of names, each of which leads to a page. */
export function nameColumn<T extends { readonly name: string }>(
  header: string,
  pathOf?: (row: T) => string,
): Column<T> {
  return {
    id: 'name',
    header,
    sortingField: 'name',
    isRowHeader: true,
    cell: (row) => (pathOf === undefined ? row.name : <PageLink to={pathOf(row)}>{row.name}</PageLink>),
  }
}

/** The column of IAM's paths. */
export function pathColumn<T extends { readonly path: string }>(header: string): Column<T> {
  return { id: 'path', header, sortingField: 'path', cell: ({ path }) => path }
}

/** The column of the instants when things were created. */
export function createdColumn<T extends { readonly created: string }>(header: string): Column<T> {
  return { id: 'created', header, sortingField: 'created', cell: ({ created }) => <Time iso={created} /> }
}
