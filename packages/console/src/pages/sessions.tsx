import '../ask.css'
import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { omen, query } from '../client/aws.ts'
import { everyPage } from '../client/iam.ts'
import { useMasks } from '../client/masks.ts'
import { decoded } from '../client/policies.ts'
import { type LiveLogin, type LiveSession, useLogins, useSessions } from '../client/room.ts'
import { useSecondsLeft } from '../client/seconds-left.ts'
import { useServer } from '../client/server.ts'
import { Dialog } from '../components/dialog.tsx'
import { shortWho } from '../components/event-list.tsx'
import { Failure } from '../components/failure.tsx'
import { Mask } from '../components/mask.tsx'
import { useMessages } from '../components/messages.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Time } from '../components/time.tsx'
import { askText } from '../text/ask.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'

/** The inline policy by which AWS's console revokes sessions. */
const revokingPolicy = 'AWSRevokeOlderSessions'

/** Sessions that are drawn at once. */
const shown = 200

/** The sessions that live, those of chained roles inside the ones that put them on. */
export default function SessionsPage() {
  const t = useText(askText)
  const sessions = useSessions()
  const all = (sessions.data ?? []).slice(0, shown)
  const keys = new Set(all.map(({ accessKeyId }) => accessKeyId))
  const first = all.filter(({ byKey }) => byKey === undefined || !keys.has(byKey))
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.sessionsDescription} counter={`(${sessions.data?.length ?? 0})`}>
        {t.sessionsTitle}
      </Header>
      {sessions.isError && <Failure error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.data?.length === 0 && (
        <Box textAlign="center" padding="l">
          <b>{t.noSessions}</b>
          <div>{t.noSessionsHint}</div>
        </Box>
      )}
      {first.map((session) => (
        <Container key={session.accessKeyId}>
          <Nested session={session} all={all} depth={0} />
        </Container>
      ))}
      <Logins />
    </SpaceBetween>
  )
}

/** Programs that signed in, which renew their credentials until the login ends. */
function Logins() {
  const t = useText(askText)
  const all = (useLogins().data ?? []).slice(0, shown)
  if (all.length === 0) return null
  return (
    <Container header={<Header variant="h2">{t.loginsTitle}</Header>}>
      <SpaceBetween size="m">
        {all.map((login) => (
          <Login key={login.id} login={login} />
        ))}
      </SpaceBetween>
    </Container>
  )
}

function Login({ login }: { readonly login: LiveLogin }) {
  const t = useText(askText)
  const client = useQueryClient()
  const who = shortWho(login.who)
  return (
    <div className="session">
      <div className="session-head">
        <div className="session-who">
          <b lang="en" dir="auto">
            {who}
          </b>
          <div>{t.loginOf(login.program, login.renewals)}</div>
          <small>
            {t.began}: <Time iso={login.beganAt} />
          </small>
        </div>
        <Left until={login.endsAt} />
        <Ending
          label={t.endLogin}
          name={t.endLoginOf(login.program, who)}
          sure={t.endLoginSure(login.program, who)}
          done={t.isEnded(login.program)}
          onSubmit={async () => {
            await omen('POST', '/_omen/api/logins/end', { id: login.id })
            await client.invalidateQueries({ queryKey: ['sessions'] })
          }}
        />
      </div>
    </div>
  )
}

interface EndingProps {
  readonly label: string
  /** The label with what it ends: there are many of these buttons on the page. */
  readonly name: string
  readonly title?: string
  readonly sure: string
  readonly done: string
  readonly onSubmit: () => Promise<void>
}

/** A button that ends something after it has asked. */
function Ending({ label, name, title = label, sure, done, onSubmit }: EndingProps) {
  const { say } = useMessages()
  const [asks, setAsks] = useState(false)
  const submit = async () => {
    await onSubmit()
    say('success', done)
  }
  return (
    <>
      <Button ariaLabel={name} onClick={() => setAsks(true)}>
        {label}
      </Button>
      {asks && (
        <Dialog visible title={title} submit={label} onClose={() => setAsks(false)} onSubmit={submit}>
          {sure}
        </Dialog>
      )}
    </>
  )
}

interface NestedProps {
  readonly session: LiveSession
  readonly all: readonly LiveSession[]
  readonly depth: number
}

function Nested({ session, all, depth }: NestedProps) {
  const t = useText(askText)
  const masks = useMasks()
  const role = session.roleArn?.split('/').at(-1)
  const mask = role === undefined ? undefined : [...masks.values()].find(({ name }) => name === role)
  const inner = all.filter(({ byKey }) => byKey === session.accessKeyId)
  const revokedAt = useRevokedAt(role)
  // events of machines do not name the session
  const isMachine = session.arn === session.by && !session.by.startsWith('arn:')
  const isRevoked = revokedAt !== undefined && Date.parse(session.beganAt) < revokedAt
  return (
    <div className={depth === 0 ? 'session' : 'session is-nested'}>
      <div className="session-head">
        {role !== undefined && mask !== undefined && (
          <Mask role={{ name: role, id: mask.id }} size={40} state="worn" />
        )}
        <div className="session-who">
          <b lang="en" dir="auto">
            {isMachine && role !== undefined ? role : shortWho(session.arn)}
          </b>{' '}
          {isRevoked && <Badge color="red">{t.revoked}</Badge>}
          <div>
            {isMachine ? t.machine(session.by) : t.by(shortWho(session.by))}
            {session.mfa ? ` · ${t.mfa}` : ''}
            {session.sourceIdentity === undefined ? '' : ` · ${t.source(session.sourceIdentity)}`}
            {depth > 0 ? ` · ${t.depth(depth)}` : ''}
          </div>
          <small>
            {t.began}: <Time iso={session.beganAt} /> · <code>{session.accessKeyId}</code> ·{' '}
            <span lang="en">{session.operation}</span>
          </small>
        </div>
        <Left until={session.expiresAt} />
        <SpaceBetween direction="horizontal" size="xs">
          <PageLink to={`/events?who=${encodeURIComponent(session.accessKeyId)}`}>{t.events}</PageLink>
          {role !== undefined && !isRevoked && <Revoke role={role} />}
        </SpaceBetween>
      </div>
      {depth < 16 &&
        inner.map((each) => <Nested key={each.accessKeyId} session={each} all={all} depth={depth + 1} />)}
    </div>
  )
}

/** How long a session lasts, counted down by the server's clock. */
function Left({ until }: { readonly until: string }) {
  const t = useText(askText)
  const shell = useText(shellText)
  const left = useSecondsLeft(until)
  return (
    <span className="session-left" role="timer">
      {left > 0 ? shell.left(Math.floor(left / 3_600), Math.floor(left / 60) % 60, left % 60) : t.over}
    </span>
  )
}

/** Since when sessions of a role are revoked, in milliseconds since the epoch. */
function useRevokedAt(role: string | undefined): number | undefined {
  const { data } = useQuery({
    queryKey: ['revoked', role],
    queryFn: async ({ signal }) => {
      const RoleName = role ?? ''
      const names = await everyPage('ListRolePolicies', 'PolicyNames', { RoleName }, signal)
      if (!names.some(({ own }) => own === revokingPolicy)) return 0
      const answer = await query('iam', 'GetRolePolicy', { RoleName, PolicyName: revokingPolicy }, { signal })
      const time = /"aws:TokenIssueTime":\s*"([^"]+)"/.exec(decoded(answer.text('PolicyDocument')))?.[1]
      return time === undefined ? 0 : Date.parse(time)
    },
    enabled: role !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  return data === undefined || data === 0 ? undefined : data
}

function Revoke({ role }: { readonly role: string }) {
  const t = useText(askText)
  const client = useQueryClient()
  const server = useServer()
  return (
    <Ending
      label={t.revoke}
      name={t.revokeOf(role)}
      title={t.revokeTitle}
      sure={t.revokeSure(role)}
      done={t.isRevoked(role)}
      onSubmit={async () => {
        const offset = server.data === undefined ? 0 : Date.parse(server.data.time) - server.dataUpdatedAt
        const document = {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Action: ['*'],
              Resource: ['*'],
              Condition: {
                DateLessThan: { 'aws:TokenIssueTime': new Date(Date.now() + offset).toISOString() },
              },
            },
          ],
        }
        await query('iam', 'PutRolePolicy', {
          RoleName: role,
          PolicyName: revokingPolicy,
          PolicyDocument: JSON.stringify(document),
        })
        await client.invalidateQueries({ queryKey: ['revoked', role] })
      }}
    />
  )
}
