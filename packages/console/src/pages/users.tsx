import { useQuery } from '@tanstack/react-query'
import { query } from '../client/aws.ts'
import { listUsers, type User } from '../client/iam.ts'
import { NameList } from '../components/name-list.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { usersText } from '../text/users.ts'

/** Every user of the account. */
export default function UsersPage() {
  const t = useText(usersText)
  return (
    <NameList<User>
      text={{ ...t, done: t.userCreated }}
      kind="users"
      rows={useQuery({ queryKey: ['users'], queryFn: ({ signal }) => listUsers(signal) })}
      onCreate={(UserName) => query('iam', 'CreateUser', { UserName })}
      columns={[
        {
          id: 'used',
          header: t.passwordUsed,
          sortingField: 'passwordUsed',
          cell: ({ passwordUsed }) => (passwordUsed === undefined ? t.never : <Time iso={passwordUsed} />),
        },
      ]}
    />
  )
}
