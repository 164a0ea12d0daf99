import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { createdColumn, nameColumn, pathColumn } from './list-columns.tsx'
import { ListPage } from './list-page.tsx'
import type { Column } from './long-table.tsx'
import { NameDialog } from './name-dialog.tsx'

/** An identity as IAM lists it. */
interface Listed {
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly created: string
}

interface NameListProps<T> {
  readonly text: Readonly<
    Record<
      | 'title'
      | 'description'
      | 'empty'
      | 'emptyHint'
      | 'find'
      | 'create'
      | 'name'
      | 'path'
      | 'created'
      | 'done',
      string
    >
  >
  /** The path of the page, and the key of its rows. */
  readonly kind: string
  readonly rows: UseQueryResult<readonly T[]>
  readonly onCreate: (name: string) => Promise<unknown>
  /** Columns before the last one. */
  readonly columns?: readonly Column<T>[]
}

/** A page that lists identities, and creates one from a name alone. */
export function NameList<T extends Listed>({
  text: t,
  kind,
  rows,
  onCreate,
  columns = [],
}: NameListProps<T>) {
  const client = useQueryClient()
  return (
    <ListPage<T>
      title={t.title}
      description={t.description}
      rows={rows}
      idOf={({ arn }) => arn}
      empty={{ title: t.empty, hint: t.emptyHint }}
      find={t.find}
      create={{
        label: t.create,
        dialog: (onClose) => (
          <NameDialog
            title={t.create}
            label={t.name}
            done={t.done}
            onClose={onClose}
            onCreate={async (name) => {
              await onCreate(name)
              await client.invalidateQueries({ queryKey: [kind] })
            }}
          />
        ),
      }}
      columns={[
        nameColumn(t.name, ({ name }) => `/${kind}/${encodeURIComponent(name)}`),
        pathColumn(t.path),
        ...columns,
        createdColumn(t.created),
      ]}
    />
  )
}
