import Alert from '@cloudscape-design/components/alert'
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
import type { PolicyKind } from '@omen-iam/policy'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { query } from '../client/aws.ts'
import { useDraft } from '../client/drafts.ts'
import { deleteRole, type Role, roleOf } from '../client/iam.ts'
import { useIdentity } from '../client/identity.ts'
import { useMasks } from '../client/masks.ts'
import { type HeldPolicy, managedPolicy, policiesOf } from '../client/policies.ts'
import { Failure } from '../components/failure.tsx'
import { Mask } from '../components/mask.tsx'
import { useMessages } from '../components/messages.tsx'
import { Statements } from '../components/statements.tsx'
import { useText } from '../text/language.ts'
import { roleText } from '../text/role.ts'
import { shellText } from '../text/shell.ts'

const PolicyEditor = lazy(() => import('../components/policy-editor.tsx'))

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
        description={mask === undefined ? undefined : t.family[mask.family]}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setDeleting(true)}>{shell.delete}</Button>
            <Button variant="primary" onClick={() => navigate(switchTo)}>
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
          { id: 'policies', label: t.policies, content: <ThreePolicies role={role} /> },
          { id: 'tags', label: t.tags, content: <TagList role={role} /> },
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
          { label: t.lastUsed, value: role.lastUsed ?? t.never },
        ]}
      />
    </Container>
  )
}

/** Trust, identity and boundary, in this order; below 900 pixels one under the other. */
function ThreePolicies({ role }: { readonly role: Role }) {
  const t = useText(roleText)
  const client = useQueryClient()
  const held = useQuery({
    queryKey: ['role', role.name, 'policies'],
    queryFn: ({ signal }) => policiesOf('Role', role.name, signal),
  })
  const boundary = useQuery({
    queryKey: ['policy', role.boundary],
    queryFn: ({ signal }) => managedPolicy(role.boundary ?? '', signal),
    enabled: role.boundary !== undefined,
  })
  const renew = () => client.invalidateQueries({ queryKey: ['role', role.name] })
  return (
    <div className="three-policies">
      <Column title={t.trust} term={t.trustTerm}>
        <Document
          id={`${role.id}/trust`}
          name={t.trustTerm}
          text={pretty(role.trust)}
          kind="trust"
          onSave={async (PolicyDocument) => {
            await query('iam', 'UpdateAssumeRolePolicy', { RoleName: role.name, PolicyDocument })
            await Promise.all([renew(), client.invalidateQueries({ queryKey: ['masks'] })])
          }}
        />
      </Column>
      <Column title={t.identity} term={t.identityTerm}>
        {held.isError && <Failure error={held.error} />}
        {held.data?.length === 0 && <Box color="text-status-inactive">{t.noPolicies}</Box>}
        {held.data?.map((policy) => (
          <Document
            key={`${policy.kind}/${policy.name}`}
            id={`${role.id}/${policy.kind}/${policy.name}`}
            name={policy.name}
            detail={detailOf(policy, t)}
            text={pretty(policy.document)}
            kind="identity"
            {...(policy.kind === 'inline'
              ? {
                  onSave: async (PolicyDocument: string) => {
                    const input = { RoleName: role.name, PolicyName: policy.name, PolicyDocument }
                    await query('iam', 'PutRolePolicy', input)
                    await renew()
                  },
                }
              : {})}
          />
        ))}
      </Column>
      <Column title={t.boundary} term={t.boundaryTerm}>
        {role.boundary === undefined ? (
          <Box color="text-status-inactive">{t.noBoundary}</Box>
        ) : boundary.isError ? (
          <Failure error={boundary.error} />
        ) : (
          boundary.data !== undefined && (
            <Document
              id={`${role.id}/boundary`}
              name={boundary.data.name}
              detail={detailOf(boundary.data, t)}
              text={pretty(boundary.data.document)}
              kind="boundary"
            />
          )
        )}
      </Column>
    </div>
  )
}

function Column(props: { readonly title: string; readonly term: string; readonly children: ReactNode }) {
  return (
    <Container
      header={
        <Header variant="h2" description={props.term}>
          {props.title}
        </Header>
      }
    >
      <SpaceBetween size="m">{props.children}</SpaceBetween>
    </Container>
  )
}

interface DocumentProps {
  /** Names the draft, so that a reload in the middle of an edit loses nothing. */
  readonly id: string
  readonly name: string
  readonly detail?: string
  readonly text: string
  readonly kind: PolicyKind
  readonly onSave?: (text: string) => Promise<void>
}

/** A document with its editor and its sentences. */
function Document({ id, name, detail, text, kind, onSave }: DocumentProps) {
  const t = useText(roleText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const [draft, setDraft] = useDraft(id)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const shown = draft ?? text
  const changed = draft !== undefined && draft !== text
  const save = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await onSave?.(shown)
      setDraft(undefined)
      say('success', t.saved)
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <SpaceBetween size="xs">
      <Box>
        <b>{name}</b> {detail !== undefined && <Box variant="small">{detail}</Box>}
      </Box>
      <Suspense fallback={<pre className="policy-plain">{shown}</pre>}>
        <PolicyEditor
          value={shown}
          kind={kind}
          label={name}
          {...(onSave === undefined ? {} : { onChange: setDraft })}
        />
      </Suspense>
      {changed && (
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" loading={busy} onClick={() => void save()}>
            {shell.save}
          </Button>
          <Button onClick={() => setDraft(undefined)}>{t.discard}</Button>
        </SpaceBetween>
      )}
      {error !== undefined && <Failure error={error} />}
      {changed && <Alert type="info">{t.unsaved}</Alert>}
      <Box variant="h4">{t.inWords}</Box>
      <Statements text={shown} kind={kind} />
    </SpaceBetween>
  )
}

function detailOf(policy: HeldPolicy, t: ReturnType<typeof useText<typeof roleText.en>>): string {
  if (policy.kind === 'inline') return t.inline
  const version = t.version(policy.version ?? '')
  return policy.arn?.startsWith('arn:aws:iam::aws:') === true ? `${t.awsManaged}, ${version}` : version
}

function TagList({ role }: { readonly role: Role }) {
  const t = useText(roleText)
  return (
    <KeyValuePairs
      columns={3}
      items={role.tags.map(({ key, value }) => ({ label: key, value: value || t.never }))}
    />
  )
}

/** The document on several lines; as it is where it is no JSON. */
function pretty(text: string): string {
  try {
    return text.includes('\n') ? text : JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
