import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useIdentity } from '../client/identity.ts'
import { useMasks } from '../client/masks.ts'
import {
  type LiveSession,
  type Machine as MachineOf,
  useMachines,
  useSessions,
  useWearable,
  type WearableRole,
} from '../client/room.ts'
import { Face, Machine, Scales } from '../components/face.tsx'
import { Mask } from '../components/mask.tsx'
import { homeText } from '../text/home.ts'
import { useLanguage, useText } from '../text/language.ts'

/** What one panel of the picture shows at the most: the rest is a number that leads to the whole list. */
const shown = { masks: 12, machines: 6, avatars: 6 } as const

/** The picture of the house: who wears which mask, and how a mask comes to be worn. */
export default function HomePage() {
  const t = useText(homeText)
  const wearable = useWearable()
  const sessions = useSessions()
  const machines = useMachines()
  const roles = wearable.data?.roles ?? []
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.description}>
        {t.title}
      </Header>
      <div className="house">
        <You />
        <Arrow kind="assume" label={t.assumeRole} note={t.callOfItsOwn} />
        <Sts />
        <Arrow kind="credentials" label={t.credentials} />
        <Avatars sessions={sessions.data} failed={sessions.isError} />
        <Shelf roles={roles} failed={wearable.isError} loaded={wearable.data !== undefined} />
        <Arrow kind="pass" label={t.passRole} note={t.permissionAsked} />
        <Machines machines={machines.data} failed={machines.isError} />
        <Arrow kind="service" label={`${t.service}: ${t.assumeRole}`} />
      </div>
      <ExpandableSection headerText={t.table}>
        <Twin roles={roles} sessions={sessions.data ?? []} machines={machines.data ?? []} />
      </ExpandableSection>
    </SpaceBetween>
  )
}

function Panel(props: {
  readonly area: string
  readonly title: string
  readonly hint: string
  readonly children: ReactNode
}) {
  return (
    <section className={`house-panel house-${props.area}`} aria-label={props.title}>
      <h2>{props.title}</h2>
      <p className="house-hint">{props.hint}</p>
      {props.children}
    </section>
  )
}

function You() {
  const t = useText(homeText)
  const identity = useIdentity()
  const role = identity?.role
  const original = identity?.switchedFrom?.name ?? identity?.name ?? ''
  return (
    <Panel area="you" title={t.you} hint={role === undefined ? t.bare : t.worn(role.name)}>
      <div className="house-you">
        <Face role={role} size={120} />
        <strong>{original}</strong>
        {role !== undefined && <Link href={`/roles/${encodeURIComponent(role.name)}`}>{role.name}</Link>}
      </div>
    </Panel>
  )
}

function Sts() {
  const t = useText(homeText)
  return (
    <Panel area="sts" title={t.sts} hint={t.stsHint}>
      <div className="house-you">
        <Scales size={84} />
      </div>
    </Panel>
  )
}

function Shelf(props: {
  readonly roles: readonly WearableRole[]
  readonly failed: boolean
  readonly loaded: boolean
}) {
  const t = useText(homeText)
  const identity = useIdentity()
  const [, navigate] = useLocation()
  const ordered = [...props.roles].sort((a, b) => Number(b.allowed) - Number(a.allowed))
  return (
    <Panel area="shelf" title={t.shelf} hint={t.shelfHint}>
      {props.failed ? (
        <Box color="text-status-inactive">{t.unknown}</Box>
      ) : props.loaded && ordered.length === 0 ? (
        <div className="house-empty">
          <strong>{t.empty}</strong>
          <p>{t.emptyHint}</p>
          <Button onClick={() => navigate('/roles')}>{t.create}</Button>
        </div>
      ) : (
        <>
          <ul className="house-masks">
            {ordered.slice(0, shown.masks).map((role) => (
              <li key={role.id} className={role.id === identity?.role?.id ? 'is-worn' : ''}>
                <Link
                  href={`/roles/${encodeURIComponent(role.name)}`}
                  title={role.why ?? t.canWear}
                  aria-label={`${role.name}: ${role.allowed ? t.canWear : t.cannotWear}`}
                >
                  <Mask role={role} size={56} state={role.allowed ? 'plain' : 'outline'} />
                  <span>{role.name}</span>
                </Link>
              </li>
            ))}
          </ul>
          {ordered.length > shown.masks && <Link href="/roles">{t.more(ordered.length - shown.masks)}</Link>}
          {ordered.some(({ allowed }) => !allowed) && <p className="house-hint">{t.notYours}</p>}
        </>
      )}
    </Panel>
  )
}

function Machines(props: { readonly machines: readonly MachineOf[] | undefined; readonly failed: boolean }) {
  const t = useText(homeText)
  const masks = useMasks()
  const byName = new Map([...masks.values()].map((mask) => [mask.name, mask]))
  const { machines = [], failed } = props
  return (
    <Panel area="machines" title={t.machines} hint={t.machinesHint}>
      {failed ? (
        <Box color="text-status-inactive">{t.unknown}</Box>
      ) : machines.length === 0 ? (
        <Box color="text-status-inactive">{t.noMachines}</Box>
      ) : (
        <ul className="house-masks">
          {machines.slice(0, shown.machines).map((machine) => {
            const mask = byName.get(machine.roleName)
            return (
              <li key={`${machine.kind}/${machine.name}`}>
                <Link href={`/roles/${encodeURIComponent(machine.roleName)}`}>
                  <span className="house-machine">
                    <Machine kind={machine.kind} size={56} />
                    {mask !== undefined && <Mask role={mask} size={34} />}
                  </span>
                  <span>{machine.name}</span>
                  <small>{machine.service}</small>
                </Link>
              </li>
            )
          })}
        </ul>
      )}
      {machines.length > shown.machines && <p>{t.more(machines.length - shown.machines)}</p>}
    </Panel>
  )
}

function Avatars(props: { readonly sessions: readonly LiveSession[] | undefined; readonly failed: boolean }) {
  const t = useText(homeText)
  const masks = useMasks()
  const language = useLanguage()
  const byName = new Map([...masks.values()].map((mask) => [mask.name, mask]))
  const worn = (props.sessions ?? []).filter(({ roleArn }) => roleArn !== undefined)
  return (
    <Panel area="avatars" title={t.avatars} hint={t.avatarsHint}>
      {props.failed ? (
        <Box color="text-status-inactive">{t.unknown}</Box>
      ) : worn.length === 0 ? (
        <Box color="text-status-inactive">{t.noAvatars}</Box>
      ) : (
        <ul className="house-avatars">
          {worn.slice(0, shown.avatars).map((session) => {
            const name = roleNameOf(session.roleArn)
            const mask = byName.get(name)
            return (
              <li key={session.accessKeyId}>
                {mask !== undefined && <Mask role={mask} size={40} />}
                <span>
                  <strong>{name}</strong> <span>{t.by(nameOf(session.by))}</span>
                  <small>{t.until(timeOf(session.expiresAt, language))}</small>
                </span>
              </li>
            )
          })}
        </ul>
      )}
      {worn.length > shown.avatars && <p>{t.more(worn.length - shown.avatars)}</p>}
    </Panel>
  )
}

/** An arrow with its word: the two words that people mix up are never without it. */
function Arrow(props: { readonly kind: string; readonly label: string; readonly note?: string }) {
  return (
    <div className={`house-arrow arrow-${props.kind}`}>
      <span className="house-arrow-label">{props.label}</span>
      <svg viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
        <path d="M2 8h90" vectorEffect="non-scaling-stroke" />
        <path d="M86 2l8 6-8 6" vectorEffect="non-scaling-stroke" />
      </svg>
      {props.note !== undefined && <small>{props.note}</small>}
    </div>
  )
}

/** The picture as a table: the same for those who do not see it. */
function Twin(props: {
  readonly roles: readonly WearableRole[]
  readonly sessions: readonly LiveSession[]
  readonly machines: readonly MachineOf[]
}) {
  const t = useText(homeText)
  const language = useLanguage()
  const rows = [
    ...props.roles.map(({ id, name, allowed, why }) => ({
      id,
      what: t.shelf,
      who: name,
      state: allowed ? t.canWear : (why ?? t.cannotWear),
    })),
    ...props.machines.map(({ kind, name, roleName, service }) => ({
      id: `${kind}/${name}`,
      what: t.machines,
      who: `${roleName} → ${name}`,
      state: t.runs(service),
    })),
    ...props.sessions.map(({ accessKeyId, arn, by, expiresAt }) => ({
      id: accessKeyId,
      what: t.avatars,
      who: `${nameOf(by)} → ${arn}`,
      state: t.until(timeOf(expiresAt, language)),
    })),
  ]
  return (
    <Table
      variant="embedded"
      items={rows}
      trackBy="id"
      columnDefinitions={[
        { id: 'what', header: t.what, cell: ({ what }) => what },
        { id: 'who', header: t.who, cell: ({ who }) => <span dir="auto">{who}</span>, isRowHeader: true },
        { id: 'state', header: t.state, cell: ({ state }) => state },
      ]}
    />
  )
}

function roleNameOf(arn = ''): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

function nameOf(arn: string): string {
  return arn.startsWith('arn:') ? arn.slice(arn.indexOf('/') + 1) || arn : arn
}

function timeOf(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso))
}
