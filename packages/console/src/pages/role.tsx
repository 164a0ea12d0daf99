import Box from '@cloudscape-design/components/box'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Tabs from '@cloudscape-design/components/tabs'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { query } from '../client/aws.ts'
import { deleteRole, type Role, roleOf } from '../client/iam.ts'
import { useIdentity } from '../client/identity.ts'
import { useMasks } from '../client/masks.ts'
import { AssumersList } from '../components/assumers-list.tsx'
import { Failure } from '../components/failure.tsx'
import { FamilyWords } from '../components/families.tsx'
import { Mask } from '../components/mask.tsx'
import { useMessages } from '../components/messages.tsx'
import { RolePolicies } from '../components/role-policies.tsx'
import { RoleComers, RoleGains } from '../components/role-reach.tsx'
import { RoleCode, RoleEvents, RoleServices, RoleSessions } from '../components/role-tabs.tsx'
import { IamTagTable } from '../components/tag-table.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { roleText } from '../text/role.ts'
import { shellText } from '../text/shell.ts'

/** One role: its three policies side by side, and what comes of them. */
export default function RolePage() {
  const { name = '' } = useParams<{ name: string }>()
  const role = useQuery({
    queryKey: ['role', name],
    queryFn: async ({ signal }) =>
      roleOf((await query('iam', 'GetRole', { RoleName: name }, { signal })).child('Role')),
  })
  if (role.isError) return <Failure error={role.error} onRetry={() => void role.refetch()} />
  if (role.data === undefined) return <Spinner size="large" />
  return <RoleDetails key={role.data.id} role={role.data} />
}

function RoleDetails({ role }: { readonly role: Role }) {
  const t = useText(roleText)
  const shell = useText(shellText)
  const [, navigate] = useLocation()
  const identity = useIdentity()
  const mask = useMasks().get(role.id)
  const { say } = useMessages()
  const client = useQueryClient()
  const family = mask?.family
  // what services alone may wear is handed over, not put on
  const isHanded = mask?.wearers.join() === 'service'
  const before = useRef(family)
  useEffect(() => {
    if (family !== undefined && before.current !== undefined && before.current !== family)
      say('info', t.familyChanged(role.name, t.family[family]))
    before.current = family ?? before.current
  }, [family, role.name, say, t])
  const [deleting, setDeleting] = useState(false)
  const [busy, setBusy] = useState(false)
  const remove = async () => {
    setBusy(true)
    try {
      await deleteRole(role.name)
      await client.invalidateQueries({ queryKey: ['roles'] })
      say('success', t.deleted)
      navigate('/roles')
    } catch (error) {
      say('error', <Failure error={error} />)
    } finally {
      setBusy(false)
      setDeleting(false)
    }
  }
  const switchTo = `/switchrole?account=${identity?.account ?? ''}&roleName=${encodeURIComponent(`${role.path}${role.name}`.slice(1))}`
  return (
    <SpaceBetween size="l">
      <BreadcrumbGroup
        items={[
          { text: t.roles, href: '/_omen/roles' },
          { text: role.name, href: '' },
        ]}
        onFollow={(event) => {
          event.preventDefault()
          navigate('/roles')
        }}
      />
      <Header
        variant="h1"
        description={mask === undefined ? undefined : <FamilyWords family={mask.family} />}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setDeleting(true)}>{shell.delete}</Button>
            <Button onClick={() => navigate(`/try?who=${encodeURIComponent(`role/${role.name}`)}`)}>
              {shell.tryCall}
            </Button>
            <Button
              variant={isHanded ? 'primary' : 'normal'}
              onClick={() => navigate(`/pass?find=${encodeURIComponent(role.name)}`)}
            >
              {shell.pass}
            </Button>
            <Button variant={isHanded ? 'normal' : 'primary'} onClick={() => navigate(switchTo)}>
              {t.wear}
            </Button>
          </SpaceBetween>
        }
      >
        <span className="with-mask">
          <Mask role={role} size={48} /> {role.name}
        </span>
      </Header>
      <Facts role={role} />
      <Tabs
        tabs={[
          { id: 'policies', label: t.policies, content: <RolePolicies role={role} /> },
          {
            id: 'wearers',
            label: t.assumers,
            content: (
              <SpaceBetween size="l">
                <AssumersList role={role.name} trust={role.trust} />
                <RoleComers name={role.name} />
              </SpaceBetween>
            ),
          },
          {
            id: 'services',
            label: t.services,
            content: (
              <SpaceBetween size="l">
                <RoleServices role={role} />
                <RoleGains name={role.name} />
              </SpaceBetween>
            ),
          },
          { id: 'sessions', label: t.sessions, content: <RoleSessions role={role} /> },
          { id: 'events', label: t.events, content: <RoleEvents role={role} /> },
          {
            id: 'tags',
            label: t.tags,
            content: (
              <IamTagTable
                tags={role.tags}
                kind="Role"
                who={{ RoleName: role.name }}
                renew={() => client.invalidateQueries({ queryKey: ['role', role.name] })}
              />
            ),
          },
          { id: 'code', label: t.code, content: <RoleCode role={role} /> },
        ]}
      />
      <Modal
        visible={deleting}
        header={t.deleteRole}
        onDismiss={() => setDeleting(false)}
        footer={
          <Box float="right">
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" onClick={() => setDeleting(false)}>
                {shell.cancel}
              </Button>
              <Button variant="primary" loading={busy} onClick={() => void remove()}>
                {shell.delete}
              </Button>
            </SpaceBetween>
          </Box>
        }
      >
        {t.deleteSure(role.name)}
      </Modal>
    </SpaceBetween>
  )
}

function Facts({ role }: { readonly role: Role }) {
  const t = useText(roleText)
  const shell = useText(shellText)
  const hours = role.maxSessionSeconds / 3_600
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          {
            label: t.arn,
            value: (
              <CopyToClipboard
                variant="inline"
                copyButtonAriaLabel={shell.copy}
                textToCopy={role.arn}
                copySuccessText={shell.copied}
                copyErrorText="—"
              />
            ),
          },
          { label: t.id, value: <code>{role.id}</code> },
          {
            label: t.maxSession,
            value: hours < 1 ? t.minutes(role.maxSessionSeconds / 60) : t.hours(hours),
          },
          { label: t.lastUsed, value: role.lastUsed === undefined ? t.never : <Time iso={role.lastUsed} /> },
        ]}
      />
    </Container>
  )
}
