import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { query } from '../client/aws.ts'
import { type Group, listGroups } from '../client/groups.ts'
import { Dialog } from '../components/dialog.tsx'
import { ListPage } from '../components/list-page.tsx'
import { useMessages } from '../components/messages.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Time } from '../components/time.tsx'
import { groupsText } from '../text/groups.ts'
import { useText } from '../text/language.ts'

/** Every group of the account. */
export default function GroupsPage() {
  const t = useText(groupsText)
  const [creating, setCreating] = useState(false)
  const groups = useQuery({ queryKey: ['groups'], queryFn: ({ signal }) => listGroups(signal) })
  return (
    <>
      <ListPage<Group>
        title={t.title}
        description={t.description}
        rows={groups}
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
            cell: ({ name }) => <PageLink to={`/groups/${encodeURIComponent(name)}`}>{name}</PageLink>,
          },
          { id: 'path', header: t.path, sortingField: 'path', cell: ({ path }) => path },
          {
            id: 'created',
            header: t.createdAt,
            sortingField: 'created',
            cell: ({ created }) => <Time iso={created} />,
          },
        ]}
      />
      {creating && <CreateGroup onClose={() => setCreating(false)} />}
    </>
  )
}

function CreateGroup({ onClose }: { readonly onClose: () => void }) {
  const t = useText(groupsText)
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
        await query('iam', 'CreateGroup', { GroupName: name })
        await client.invalidateQueries({ queryKey: ['groups'] })
        say('success', t.created)
      }}
    >
      <FormField label={t.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
      </FormField>
    </Dialog>
  )
}
