import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Multiselect from '@cloudscape-design/components/multiselect'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import { query } from '../client/aws.ts'
import { deleteGroup, type GroupWithMembers, groupWithMembers } from '../client/groups.ts'
import { listUsers } from '../client/iam.ts'
import { DetailsPage, Found } from '../components/details-page.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Failure } from '../components/failure.tsx'
import { HeldPolicies } from '../components/held-policies.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Time } from '../components/time.tsx'
import { groupsText } from '../text/groups.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'

/** One group: its users and policies. */
export default function GroupPage() {
  const { name = '' } = useParams<{ name: string }>()
  const group = useQuery({
    queryKey: ['group', name],
    queryFn: ({ signal }) => groupWithMembers(name, signal),
  })
  return <Found query={group}>{(whole) => <Details key={whole.group.id} whole={whole} />}</Found>
}

function Details({ whole }: { readonly whole: GroupWithMembers }) {
  const { group } = whole
  const t = useText(groupsText)
  return (
    <DetailsPage
      name={group.name}
      facts={[
        { label: t.arn, value: <code>{group.arn}</code> },
        { label: t.id, value: <code>{group.id}</code> },
        { label: t.createdAt, value: <Time iso={group.created} /> },
      ]}
      tabs={[
        { id: 'users', label: t.users, content: <Members whole={whole} /> },
        { id: 'policies', label: t.policies, content: <HeldPolicies holder="Group" name={group.name} /> },
      ]}
      deletion={{
        title: t.deleteGroup,
        question: t.deleteSure(group.name),
        done: t.deleted,
        run: () => deleteGroup(whole),
        list: 'groups',
      }}
    />
  )
}

function Members({ whole: { group, members } }: { readonly whole: GroupWithMembers }) {
  const t = useText(groupsText)
  const shell = useText(shellText)
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [error, setError] = useState<unknown>()
  const users = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => listUsers(signal),
    enabled: adding,
  })
  const renew = () => client.invalidateQueries({ queryKey: ['group', group.name] })
  const remove = (UserName: string) =>
    query('iam', 'RemoveUserFromGroup', { GroupName: group.name, UserName }).then(renew, setError)
  return (
    <SpaceBetween size="m">
      {error !== undefined && <Failure error={error} />}
      <Table
        variant="embedded"
        items={members}
        empty={<Box color="text-status-inactive">{t.noUsers}</Box>}
        header={
          <Header variant="h2" actions={<Button onClick={() => setAdding(true)}>{t.addUsers}</Button>}>
            {t.users}
          </Header>
        }
        columnDefinitions={[
          {
            id: 'name',
            header: t.user,
            isRowHeader: true,
            cell: (name) => <PageLink to={`/users/${encodeURIComponent(name)}`}>{name}</PageLink>,
          },
          {
            id: 'remove',
            header: shell.actions,
            cell: (name) => (
              <Button
                variant="inline-link"
                ariaLabel={`${t.remove} ${name}`}
                onClick={() => void remove(name)}
              >
                {t.remove}
              </Button>
            ),
          },
        ]}
      />
      {adding && (
        <Dialog
          visible
          title={t.addUsers}
          submit={t.addUsers}
          disabled={chosen.length === 0}
          onClose={() => setAdding(false)}
          onSubmit={async () => {
            for (const UserName of chosen)
              await query('iam', 'AddUserToGroup', { GroupName: group.name, UserName })
            setChosen([])
            await renew()
          }}
        >
          <FormField label={t.users}>
            <Multiselect
              options={(users.data ?? [])
                .filter(({ name }) => !members.includes(name))
                .map(({ name }) => ({ value: name, label: name }))}
              statusType={users.isPending ? 'loading' : 'finished'}
              filteringType="auto"
              virtualScroll
              placeholder={t.findUsers}
              selectedOptions={chosen.map((value) => ({ value, label: value }))}
              onChange={({ detail }) => setChosen(detail.selectedOptions.map(({ value = '' }) => value))}
            />
          </FormField>
        </Dialog>
      )}
    </SpaceBetween>
  )
}
