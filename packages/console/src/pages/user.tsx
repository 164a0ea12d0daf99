import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useParams } from 'wouter'
import { AwsError, query } from '../client/aws.ts'
import { deleteUser, everyPage, type User, userOf } from '../client/iam.ts'
import { DetailsPage, Found } from '../components/details-page.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Failure } from '../components/failure.tsx'
import { HeldPolicies } from '../components/held-policies.tsx'
import { useMessages } from '../components/messages.tsx'
import { UserMfaDevices } from '../components/mfa-devices.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Boundary } from '../components/role-policies.tsx'
import { IamTagTable } from '../components/tag-table.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { usersText } from '../text/users.ts'

/** One user: policies, groups, access keys and password. */
export default function UserPage() {
  const { name = '' } = useParams<{ name: string }>()
  const user = useQuery({
    queryKey: ['user', name],
    queryFn: async ({ signal }) =>
      userOf((await query('iam', 'GetUser', { UserName: name }, { signal })).child('User')),
  })
  return <Found query={user}>{(found) => <UserDetails key={found.id} user={found} />}</Found>
}

function UserDetails({ user }: { readonly user: User }) {
  const t = useText(usersText)
  const client = useQueryClient()
  const { name, boundary } = user
  return (
    <DetailsPage
      name={name}
      facts={[
        { label: t.arn, value: <code>{user.arn}</code> },
        { label: t.id, value: <code>{user.id}</code> },
        { label: t.created, value: <Time iso={user.created} /> },
      ]}
      tabs={[
        { id: 'policies', label: t.policies, content: <HeldPolicies holder="User" name={name} /> },
        { id: 'groups', label: t.groups, content: <Groups name={name} /> },
        { id: 'keys', label: t.keys, content: <AccessKeys name={name} /> },
        { id: 'password', label: t.password, content: <Password name={name} /> },
        { id: 'mfa', label: t.mfa, content: <UserMfaDevices name={name} /> },
        {
          id: 'boundary',
          label: t.boundary,
          content: (
            <SpaceBetween size="m">
              {boundary !== undefined && (
                <PageLink to={`/policies/${encodeURIComponent(boundary)}`}>{boundary}</PageLink>
              )}
              <Boundary holder="User" name={name} boundary={boundary} />
            </SpaceBetween>
          ),
        },
        {
          id: 'tags',
          label: t.tags,
          content: (
            <IamTagTable
              tags={user.tags}
              kind="User"
              who={{ UserName: name }}
              renew={() => client.invalidateQueries({ queryKey: ['user', name] })}
            />
          ),
        },
      ]}
      deletion={{
        title: t.deleteUser,
        question: t.deleteSure(name),
        done: t.userDeleted,
        run: () => deleteUser(name),
        list: 'users',
      }}
    />
  )
}

function Groups({ name }: { readonly name: string }) {
  const t = useText(usersText)
  const shell = useText(shellText)
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [chosen, setChosen] = useState('')
  const [error, setError] = useState<unknown>()
  const key = ['user', name, 'groups']
  const groups = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) =>
      (await everyPage('ListGroupsForUser', 'Groups', { UserName: name }, signal)).map((group) =>
        group.text('GroupName'),
      ),
  })
  const all = useQuery({
    queryKey: ['groups', 'names'],
    queryFn: async ({ signal }) =>
      (await everyPage('ListGroups', 'Groups', {}, signal)).map((group) => group.text('GroupName')),
    enabled: adding,
  })
  const renew = () => client.invalidateQueries({ queryKey: key })
  if (groups.isError) return <Failure error={groups.error} />
  return (
    <SpaceBetween size="m">
      {error !== undefined && <Failure error={error} />}
      <Table
        variant="embedded"
        loading={groups.isPending}
        items={groups.data ?? []}
        empty={<Box color="text-status-inactive">{t.noGroups}</Box>}
        header={
          <Header variant="h2" actions={<Button onClick={() => setAdding(true)}>{t.addToGroup}</Button>}>
            {t.groups}
          </Header>
        }
        columnDefinitions={[
          { id: 'name', header: t.group, cell: (group) => group, isRowHeader: true },
          {
            id: 'leave',
            header: shell.actions,
            cell: (group) => (
              <Button
                variant="inline-link"
                onClick={() =>
                  void query('iam', 'RemoveUserFromGroup', { UserName: name, GroupName: group }).then(
                    renew,
                    setError,
                  )
                }
              >
                {t.leave}
              </Button>
            ),
          },
        ]}
      />
      {adding && (
        <Dialog
          visible
          title={t.addToGroup}
          submit={t.addToGroup}
          disabled={chosen === ''}
          onClose={() => setAdding(false)}
          onSubmit={async () => {
            await query('iam', 'AddUserToGroup', { UserName: name, GroupName: chosen })
            await renew()
          }}
        >
          <FormField label={t.group}>
            <Select
              options={(all.data ?? []).map((group) => ({ value: group }))}
              selectedOption={chosen === '' ? null : { value: chosen }}
              statusType={all.isPending ? 'loading' : 'finished'}
              onChange={({ detail }) => setChosen(detail.selectedOption.value ?? '')}
            />
          </FormField>
        </Dialog>
      )}
    </SpaceBetween>
  )
}

interface AccessKey {
  readonly id: string
  readonly active: boolean
  readonly created: string
  readonly lastUsed: string | undefined
}

function AccessKeys({ name }: { readonly name: string }) {
  const t = useText(usersText)
  const shell = useText(shellText)
  const client = useQueryClient()
  const [made, setMade] = useState<{ readonly id: string; readonly secret: string }>()
  const [error, setError] = useState<unknown>()
  const key = ['user', name, 'keys']
  const keys = useQuery({
    queryKey: key,
    queryFn: async ({ signal }): Promise<readonly AccessKey[]> => {
      const listed = await everyPage('ListAccessKeys', 'AccessKeyMetadata', { UserName: name }, signal)
      return Promise.all(
        listed.map(async (each) => {
          const id = each.text('AccessKeyId')
          const used = await query('iam', 'GetAccessKeyLastUsed', { AccessKeyId: id }, { signal })
          return {
            id,
            active: each.text('Status') === 'Active',
            created: each.text('CreateDate'),
            lastUsed: used.child('AccessKeyLastUsed').optional('LastUsedDate'),
          }
        }),
      )
    },
  })
  const change = async (action: string, input: Readonly<Record<string, string>>) => {
    setError(undefined)
    try {
      const answer = await query('iam', action, { UserName: name, ...input })
      const created = answer.child('AccessKey')
      if (created.exists)
        setMade({ id: created.text('AccessKeyId'), secret: created.text('SecretAccessKey') })
      await client.invalidateQueries({ queryKey: key })
    } catch (refusal) {
      setError(refusal)
    }
  }
  if (keys.isError) return <Failure error={keys.error} />
  return (
    <SpaceBetween size="m">
      {error !== undefined && <Failure error={error} />}
      {made !== undefined && (
        <Alert type="success" header={t.secretOnce} dismissible onDismiss={() => setMade(undefined)}>
          <KeyValuePairs
            columns={2}
            items={[
              { label: t.keyId, value: <code>{made.id}</code> },
              { label: t.secret, value: <code>{made.secret}</code> },
            ]}
          />
        </Alert>
      )}
      <Table
        variant="embedded"
        loading={keys.isPending}
        items={keys.data ?? []}
        empty={<Box color="text-status-inactive">{t.noKeys}</Box>}
        header={
          <Header
            variant="h2"
            actions={<Button onClick={() => void change('CreateAccessKey', {})}>{t.createKey}</Button>}
          >
            {t.keys}
          </Header>
        }
        columnDefinitions={[
          { id: 'id', header: t.keyId, cell: ({ id }) => <code>{id}</code>, isRowHeader: true },
          { id: 'status', header: t.status, cell: ({ active }) => (active ? t.active : t.inactive) },
          { id: 'created', header: t.created, cell: ({ created }) => <Time iso={created} /> },
          {
            id: 'used',
            header: t.lastUsed,
            cell: ({ lastUsed }) => (lastUsed === undefined ? t.never : <Time iso={lastUsed} />),
          },
          {
            id: 'actions',
            header: shell.actions,
            cell: ({ id, active }) => (
              <SpaceBetween direction="horizontal" size="s">
                <Button
                  variant="inline-link"
                  onClick={() =>
                    void change('UpdateAccessKey', {
                      AccessKeyId: id,
                      Status: active ? 'Inactive' : 'Active',
                    })
                  }
                >
                  {active ? t.deactivate : t.activate}
                </Button>
                <Button
                  variant="inline-link"
                  onClick={() => void change('DeleteAccessKey', { AccessKeyId: id })}
                >
                  {t.deleteKey}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </SpaceBetween>
  )
}

function Password({ name }: { readonly name: string }) {
  const t = useText(usersText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [setting, setSetting] = useState(false)
  const [password, setPassword] = useState('')
  const [mustChange, setMustChange] = useState(true)
  const [error, setError] = useState<unknown>()
  const key = ['user', name, 'password']
  const profile = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      try {
        await query('iam', 'GetLoginProfile', { UserName: name }, { signal })
        return true
      } catch (refusal) {
        if (refusal instanceof AwsError && refusal.code === 'NoSuchEntity') return false
        throw refusal
      }
    },
  })
  const renew = () => client.invalidateQueries({ queryKey: key })
  if (profile.isError) return <Failure error={profile.error} />
  return (
    <SpaceBetween size="m">
      {error !== undefined && <Failure error={error} />}
      <Box>{profile.data === true ? t.hasPassword : t.noPassword}</Box>
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={() => setSetting(true)}>{t.setPassword}</Button>
        {profile.data === true && (
          <Button
            onClick={() => void query('iam', 'DeleteLoginProfile', { UserName: name }).then(renew, setError)}
          >
            {t.removePassword}
          </Button>
        )}
      </SpaceBetween>
      {setting && (
        <Dialog
          visible
          title={t.setPassword}
          submit={t.setPassword}
          disabled={password === ''}
          onClose={() => setSetting(false)}
          onSubmit={async () => {
            const action = profile.data === true ? 'UpdateLoginProfile' : 'CreateLoginProfile'
            await query('iam', action, {
              UserName: name,
              Password: password,
              PasswordResetRequired: mustChange,
            })
            await renew()
            setPassword('')
            say('success', t.passwordSet)
          }}
        >
          <FormField label={t.newPassword}>
            <Input
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={({ detail }) => setPassword(detail.value)}
            />
          </FormField>
          <Checkbox checked={mustChange} onChange={({ detail }) => setMustChange(detail.checked)}>
            {t.mustChange}
          </Checkbox>
        </Dialog>
      )}
    </SpaceBetween>
  )
}
