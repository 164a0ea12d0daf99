import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import { Link, useLocation } from 'wouter'
import { useIdentity } from '../client/identity.ts'
import { useMasks } from '../client/masks.ts'
import { type Machine as MachineOf, useWearableBy, type WearableRole } from '../client/room.ts'
import { homeText } from '../text/home.ts'
import { useText } from '../text/language.ts'
import { BlankMask, Face, Machine, Scales } from './face.tsx'
import { Panel } from './house-frame.tsx'
import { Mask } from './mask.tsx'

/** The most that one panel of the picture shows: the rest is a number that leads to the whole list. */
const shown = { masks: 12, machines: 6 } as const

/** The person of this tab: the bare face, or the mask. */
export function You() {
  const t = useText(homeText)
  const identity = useIdentity()
  const role = identity?.role
  const original = identity?.switchedFrom?.name ?? identity?.name ?? ''
  return (
    <Panel area="you" title={t.you} hint={role === undefined ? t.bare : t.assumed(role.name)}>
      <div className="house-figure">
        <Face role={role} size={120} />
        <strong dir="auto">{original}</strong>
        {role !== undefined && <Link href={`/roles/${encodeURIComponent(role.name)}`}>{role.name}</Link>}
      </div>
    </Panel>
  )
}

/** STS, between the person and the avatar. */
export function Sts({ pulse }: { readonly pulse?: string | undefined }) {
  const t = useText(homeText)
  return (
    <Panel area="sts" title={t.sts} hint={t.stsHint} pulse={pulse}>
      <div className="house-figure">
        <Scales size={84} />
      </div>
    </Panel>
  )
}

/** How a role comes to be assumed, the plainest way first. */
const ways = ['wear', 'chain', 'none'] as const

/** The masks: those that one may put on, and outlines of the others. */
export function Shelf(props: {
  readonly roles: readonly WearableRole[]
  readonly failed: boolean
  readonly loaded: boolean
}) {
  const t = useText(homeText)
  const identity = useIdentity()
  const [, navigate] = useLocation()
  const assumed = identity?.role
  const chained = useWearableBy(assumed === undefined ? undefined : identity).data?.roles ?? []
  const chains = new Set(chained.flatMap(({ id, allowed }) => (allowed ? [id] : [])))
  const wayTo = ({ id, allowed }: WearableRole) => (allowed ? 'wear' : chains.has(id) ? 'chain' : 'none')
  const ordered = ways.flatMap((way) => props.roles.filter((role) => wayTo(role) === way))
  const words = { wear: t.canWear, chain: t.canChain(assumed?.name ?? ''), none: t.cannotWear }
  return (
    <Panel area="shelf" title={t.shelf} hint={t.shelfHint}>
      {props.failed ? (
        <Box color="text-status-inactive">{t.unknown}</Box>
      ) : props.loaded && ordered.length === 0 ? (
        <div className="house-empty">
          <BlankMask size={96} />
          <strong>{t.empty}</strong>
          <p>{t.emptyHint}</p>
          <ol aria-label={t.steps}>
            <li>{t.stepWho}</li>
            <li>{t.stepWhat}</li>
            <li>{t.stepWear}</li>
          </ol>
          <Button variant="primary" onClick={() => navigate('/roles/new')}>
            {t.create}
          </Button>
        </div>
      ) : (
        <>
          <ul className="house-masks">
            {ordered.slice(0, shown.masks).map((role) => {
              const way = wayTo(role)
              return (
                <li key={role.id} className={role.id === assumed?.id ? 'is-worn' : ''}>
                  <Link
                    href={`/roles/${encodeURIComponent(role.name)}`}
                    title={way === 'none' ? (role.why ?? words.none) : words[way]}
                    aria-label={`${role.name}: ${words[way]}`}
                  >
                    <Mask role={role} size={56} state={way === 'none' ? 'outline' : 'plain'} />
                    <span dir="auto">{role.name}</span>
                    {way === 'chain' && <small>{t.chain}</small>}
                  </Link>
                </li>
              )
            })}
          </ul>
          {ordered.length > shown.masks && <Link href="/roles">{t.more(ordered.length - shown.masks)}</Link>}
          {ordered.some((role) => wayTo(role) === 'none') && <p className="house-hint">{t.notYours}</p>}
        </>
      )}
    </Panel>
  )
}

/** The workloads that wear masks. */
export function Machines(props: {
  readonly machines: readonly MachineOf[] | undefined
  readonly failed: boolean
}) {
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
                  <span dir="auto">{machine.name}</span>
                  <small title={machine.service}>{machine.service.split('.')[0]}</small>
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
