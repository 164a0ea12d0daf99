import { useQuery, useQueryClient } from '@tanstack/react-query'
import { query } from '../client/aws.ts'
import { listUsers, type User } from '../client/iam.ts'
import { createdColumn, nameColumn, pathColumn } from '../components/list-columns.tsx'
import { ListPage } from '../components/list-page.tsx'
import { NameDialog } from '../components/name-dialog.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { usersText } from '../text/users.ts'

/** Every user of the account. */
export default function UsersPage() {
  const t = useText(usersText)
  const client = useQueryClient()
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => listUsers(signal) })
  return (
    <ListPage<User>
      title={t.title}
      description={t.description}
      rows={users}
      idOf={({ arn }) => arn}
      empty={{ title: t.empty, hint: t.emptyHint }}
      find={t.find}
      create={{
        label: t.create,
        dialog: (onClose) => (
          <NameDialog
            title={t.create}
            label={t.name}
            done={t.userCreated}
            onClose={onClose}
            onCreate={async (UserName) => {
              await query('iam', 'CreateUser', { UserName })
              await client.invalidateQueries({ queryKey: ['users'] })
            }}
          />
        ),
      }}
      columns={[
        nameColumn(t.name, ({ name }) => `/users/${encodeURIComponent(name)}`),
        pathColumn(t.path),
        {
          id: 'used',
          header: t.passwordUsed,
          sortingField: 'passwordUsed',
          cell: ({ passwordUsed }) => (passwordUsed === undefined ? t.never : <Time iso={passwordUsed} />),
        },
        createdColumn(t.created),
      ]}
    />
  )
}
