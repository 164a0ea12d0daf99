import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '../client/aws.ts'
import { listUsers, type User } from '../client/iam.ts'
import { Dialog } from '../components/dialog.tsx'
import { ListPage } from '../components/list-page.tsx'
import { useMessages } from '../components/messages.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { usersText } from '../text/users.ts'

/** Every user of the account. */
export default function UsersPage() {
  const t = useText(usersText)
  const [creating, setCreating] = useState(false)
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => listUsers(signal) })
  return (
    <>
      <ListPage<User>
        title={t.title}
        description={t.description}
        rows={users}
        idOf={({ arn }) => arn}
        empty={{ title: t.empty, hint: t.emptyHint }}
        find={t.find}
        actions={
          <Button variant="primary" onClick={() => setCreating(true)}>
            {t.create}
          </Button>
        }
        columns={[
          {
            id: 'name',
            header: t.name,
            sortingField: 'name',
            isRowHeader: true,
            cell: ({ name }) => <PageLink to={`/users/${encodeURIComponent(name)}`}>{name}</PageLink>,
          },
          { id: 'path', header: t.path, sortingField: 'path', cell: ({ path }) => path },
          {
            id: 'used',
            header: t.passwordUsed,
            sortingField: 'passwordUsed',
            cell: ({ passwordUsed }) => (passwordUsed === undefined ? t.never : <Time iso={passwordUsed} />),
          },
          {
            id: 'created',
            header: t.created,
            sortingField: 'created',
            cell: ({ created }) => <Time iso={created} />,
          },
        ]}
      />
      {creating && <CreateUser onClose={() => setCreating(false)} />}
    </>
  )
}

function CreateUser({ onClose }: { readonly onClose: () => void }) {
  const t = useText(usersText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [name, setName] = useState('')
  return (
    <Dialog
      visible
      title={t.create}
      submit={t.create}
      disabled={name === ''}
      onClose={onClose}
      onSubmit={async () => {
        await query('iam', 'CreateUser', { UserName: name })
        await client.invalidateQueries({ queryKey: ['users'] })
        say('success', t.userCreated)
      }}
    >
      <FormField label={t.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </Dialog>
  )
}
