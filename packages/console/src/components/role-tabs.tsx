import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { parsePolicy } from '@omen-iam/policy'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { omen, query } from '../client/aws.ts'
import { everyPage, type Role } from '../client/iam.ts'
import { policiesOf } from '../client/policies.ts'
import { asCli, asCloudFormation, asJson, asTerraform, type WholeRole } from '../client/role-code.ts'
import { useMachines, useSessions } from '../client/room.ts'
import { eventsText } from '../text/events.ts'
import { useText } from '../text/language.ts'
import { roleText } from '../text/role.ts'
import { shellText } from '../text/shell.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'
import { PageLink } from './page-link.tsx'
import { Sign } from './sign.tsx'
import { Time } from './time.tsx'

interface RoleProps {
  readonly role: Role
}

/** The services that the trust policy lets in, and the machines that wear the role. */
export function RoleServices({ role }: RoleProps) {
  const t = useText(roleText)
  const machines = useMachines()
  const profiles = useQuery({
    queryKey: ['role', role.name, 'profiles'],
    queryFn: async ({ signal }) =>
      (
        await everyPage('ListInstanceProfilesForRole', 'InstanceProfiles', { RoleName: role.name }, signal)
      ).map((profile) => profile.text('InstanceProfileName')),
  })
  const trusted = servicesIn(role.trust)
  const names = new Set([role.name, ...(profiles.data ?? [])])
  const wearing = (machines.data ?? []).filter(({ roleName }) => names.has(roleName))
  return (
    <SpaceBetween size="l">
      <section>
        <Header variant="h2">{t.trustedServices}</Header>
        {trusted.length === 0 && <Box color="text-status-inactive">{t.noServices}</Box>}
        <SpaceBetween direction="horizontal" size="xs">
          {trusted.map((service) => (
            <Badge key={service}>{service}</Badge>
          ))}
        </SpaceBetween>
      </section>
      <Table
        variant="embedded"
        header={<Header variant="h2">{t.machines}</Header>}
        loading={machines.isPending}
        items={wearing}
        empty={<Box color="text-status-inactive">{t.noMachines}</Box>}
        columnDefinitions={[
          { id: 'name', header: t.machine, isRowHeader: true, cell: ({ name }) => name },
          { id: 'service', header: t.service, cell: ({ service }) => service },
        ]}
      />
      {machines.isError && <Failure error={machines.error} />}
      <section>
        <Header variant="h2">{t.profiles}</Header>
        {profiles.data?.length === 0 && <Box color="text-status-inactive">{t.noProfiles}</Box>}
        <ul className="plain-list">
          {profiles.data?.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      </section>
    </SpaceBetween>
  )
}

function servicesIn(trust: string): readonly string[] {
  const parsed = parsePolicy(trust, 'trust', { lenient: true })
  if (!parsed.ok) return []
  const entries = parsed.policy.statements
    .filter(({ effect, principal }) => effect === 'Allow' && principal?.negated === false)
    .flatMap(({ principal }) => principal?.entries ?? [])
  return [...new Set(entries.filter(({ type }) => type === 'Service').map(({ value }) => value))]
}

/** The sessions of the role that live, and what ends them all. */
export function RoleSessions({ role }: RoleProps) {
  const t = useText(roleText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [revoking, setRevoking] = useState(false)
  const sessions = useSessions()
  const own = (sessions.data ?? []).filter(({ roleArn }) => roleArn === role.arn)
  if (sessions.isError) return <Failure error={sessions.error} />
  return (
    <>
      <Table
        variant="embedded"
        loading={sessions.isPending}
        items={own}
        trackBy="accessKeyId"
        empty={<Box color="text-status-inactive">{t.noSessions}</Box>}
        header={
          <Header variant="h2" actions={<Button onClick={() => setRevoking(true)}>{t.revoke}</Button>}>
            {t.sessions}
          </Header>
        }
        columnDefinitions={[
          {
            id: 'name',
            header: t.session,
            isRowHeader: true,
            cell: ({ arn }) => arn.slice(arn.lastIndexOf('/') + 1),
          },
          { id: 'by', header: t.by, cell: ({ by }) => by },
          { id: 'began', header: t.began, cell: ({ beganAt }) => <Time iso={beganAt} /> },
          { id: 'ends', header: t.ends, cell: ({ expiresAt }) => <Time iso={expiresAt} /> },
        ]}
      />
      {revoking && (
        <Dialog
          visible
          title={t.revoke}
          submit={t.revoke}
          onClose={() => setRevoking(false)}
          onSubmit={async () => {
            await revokeSessions(role.name)
            await client.invalidateQueries({ queryKey: ['held', 'Role', role.name] })
            say('success', t.revoked)
          }}
        >
          {t.revokeSure}
        </Dialog>
      )}
    </>
  )
}

/**
 * Denies everything to sessions that were issued before now, as AWS's console does it: by the inline policy
 * AWSRevokeOlderSessions.
 */
export async function revokeSessions(name: string): Promise<void> {
  const { time } = await omen<{ time: string }>('GET', '/_omen/api/server')
  await query('iam', 'PutRolePolicy', {
    RoleName: name,
    PolicyName: 'AWSRevokeOlderSessions',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: ['*'],
          Resource: ['*'],
          Condition: { DateLessThan: { 'aws:TokenIssueTime': time } },
        },
      ],
    }),
  })
}

interface EventRow {
  readonly decision?: string
  readonly record: {
    readonly eventID: string
    readonly eventTime: string
    readonly eventName: string
    readonly eventSource: string
    readonly errorCode?: string
    readonly userIdentity: { readonly arn?: string; readonly invokedBy?: string }
  }
}

const day = 86_400_000
const shownEvents = 100

/** The events about the role and of its sessions in the last 24 hours. */
export function RoleEvents({ role }: RoleProps) {
  const t = useText(roleText)
  const words = useText(eventsText)
  const shell = useText(shellText)
  const events = useQuery({
    queryKey: ['role', role.name, 'events'],
    queryFn: async ({ signal }) => {
      const asked = new URLSearchParams({
        role: role.arn,
        since: new Date(Date.now() - day).toISOString(),
      })
      const { events: found } = await omen<{ events: readonly EventRow[] }>(
        'GET',
        `/_omen/events?${asked}`,
        undefined,
        { signal },
      )
      return found.toReversed().slice(0, shownEvents)
    },
  })
  if (events.isError) return <Failure error={events.error} />
  return (
    <Table
      variant="embedded"
      loading={events.isPending}
      items={events.data ?? []}
      empty={<Box color="text-status-inactive">{t.noEvents}</Box>}
      columnDefinitions={[
        { id: 'time', header: t.time, cell: ({ record }) => <Time iso={record.eventTime} /> },
        { id: 'name', header: t.event, isRowHeader: true, cell: ({ record }) => record.eventName },
        {
          id: 'who',
          header: t.by,
          cell: ({ record: { userIdentity } }) => userIdentity.arn ?? userIdentity.invokedBy ?? '',
        },
        {
          id: 'result',
          header: t.result,
          cell: ({ record: { errorCode } }) =>
            errorCode === undefined ? (
              <Box color="text-status-success">
                <Sign name="yes" />
                <span className="visually-hidden">{words.ok}</span>
              </Box>
            ) : (
              <Box color="text-status-error">
                <Sign name="no" /> {errorCode}
              </Box>
            ),
        },
        {
          id: 'why',
          header: shell.why,
          cell: ({ decision }) =>
            decision !== undefined && <PageLink to={`/d/${decision}`}>{shell.why}</PageLink>,
        },
      ]}
    />
  )
}

const forms = {
  json: asJson,
  cli: asCli,
  cloudFormation: asCloudFormation,
  terraform: asTerraform,
} as const
type Form = keyof typeof forms
const labels: Readonly<Record<Form, string>> = {
  json: 'JSON',
  cli: 'AWS CLI',
  cloudFormation: 'CloudFormation',
  terraform: 'Terraform',
}

/** The role as JSON and as code that makes it again. */
export function RoleCode({ role }: RoleProps) {
  const t = useText(roleText)
  const shell = useText(shellText)
  const [form, setForm] = useState<Form>('json')
  const held = useQuery({
    queryKey: ['held', 'Role', role.name],
    queryFn: ({ signal }) => policiesOf('Role', role.name, signal),
  })
  if (held.isError) return <Failure error={held.error} />
  const whole: WholeRole = { role, policies: held.data ?? [] }
  const code = forms[form](whole)
  const keys: readonly Form[] = ['json', 'cli', 'cloudFormation', 'terraform']
  return (
    <SpaceBetween size="m">
      <div className="filters">
        <SegmentedControl
          label={t.code}
          selectedId={form}
          options={keys.map((id) => ({ id, text: labels[id] }))}
          onChange={({ detail }) => setForm(keys.find((id) => id === detail.selectedId) ?? 'json')}
        />
        <CopyToClipboard
          copyButtonText={shell.copy}
          copySuccessText={shell.copied}
          copyErrorText="—"
          textToCopy={code}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a stretch that scrolls must be reachable by the keyboard */}
      <pre className="code-block" lang="en" tabIndex={0}>
        {code}
      </pre>
    </SpaceBetween>
  )
}
