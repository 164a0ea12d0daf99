import Table from '@cloudscape-design/components/table'
import type { LiveSession, Machine as MachineOf, WearableRole } from '../client/room.ts'
import { homeText } from '../text/home.ts'
import { useLanguage, useText } from '../text/language.ts'
import { nameOf, timeOf } from './house-frame.tsx'

/** The picture as a table: the same for those who do not see it. */
export function Twin(props: {
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
    ...props.roles.flatMap(({ id, name, houses }) =>
      houses.map((house) => ({
        id: `${house}/${id}`,
        what: t.houses,
        who: `${house} → ${name}`,
        state: t.trusted,
      })),
    ),
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
