import Box from '@cloudscape-design/components/box'
import { Link } from 'wouter'
import type { Refusal } from '../client/happenings.ts'
import { useMasks } from '../client/masks.ts'
import type { LiveSession, WearableRole } from '../client/room.ts'
import { homeText } from '../text/home.ts'
import { useLanguage, useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { House } from './face.tsx'
import { nameOf, Panel, roleNameOf, timeOf } from './house-frame.tsx'
import { Mask } from './mask.tsx'
import { Sign } from './sign.tsx'

/** The most that one panel of the picture shows: the rest is a number. */
const shown = { avatars: 8, houses: 4, refusals: 5 } as const

interface AvatarsProps {
  readonly sessions: readonly LiveSession[] | undefined
  readonly failed: boolean
}

/** The sessions that live. One that another session asked for hangs below it: a chain. */
export function Avatars({ sessions = [], failed }: AvatarsProps) {
  const t = useText(homeText)
  const assumed = sessions.filter(({ roleArn }) => roleArn !== undefined)
  const keys = new Set(assumed.map(({ accessKeyId }) => accessKeyId))
  const first = assumed.filter(({ byKey }) => byKey === undefined || !keys.has(byKey))
  return (
    <Panel area="avatars" title={t.avatars} hint={t.avatarsHint}>
      {failed ? (
        <Box color="text-status-inactive">{t.unknown}</Box>
      ) : assumed.length === 0 ? (
        <Box color="text-status-inactive">{t.noAvatars}</Box>
      ) : (
        <ul className="house-avatars">
          {first.slice(0, shown.avatars).map((session) => (
            <Avatar key={session.accessKeyId} session={session} all={assumed} />
          ))}
        </ul>
      )}
      {first.length > shown.avatars && <p>{t.more(first.length - shown.avatars)}</p>}
    </Panel>
  )
}

function Avatar({ session, all }: { readonly session: LiveSession; readonly all: readonly LiveSession[] }) {
  const t = useText(homeText)
  const masks = useMasks()
  const language = useLanguage()
  const name = roleNameOf(session.roleArn)
  const mask = [...masks.values()].find((each) => each.name === name)
  const chained = all.filter(({ byKey }) => byKey === session.accessKeyId)
  return (
    <li>
      <Link className="house-avatar" href={`/roles/${encodeURIComponent(name)}`}>
        {mask !== undefined && <Mask role={mask} size={40} />}
        <span>
          <strong dir="auto">{name}</strong> <span dir="auto">{t.by(nameOf(session.by))}</span>
          <small>{t.until(timeOf(session.expiresAt, language))}</small>
        </span>
      </Link>
      {chained.length > 0 && (
        <div className="house-chain">
          <span className="house-chain-label">
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M6 0v14h14M14 8l6 6-6 6" />
            </svg>
            {t.chain}
          </span>
          <ul className="house-avatars">
            {chained.slice(0, shown.avatars).map((each) => (
              <Avatar key={each.accessKeyId} session={each} all={all} />
            ))}
          </ul>
        </div>
      )}
    </li>
  )
}

/** The other accounts that trust policies name, each with the masks that it may ask for. */
export function Houses({ roles }: { readonly roles: readonly WearableRole[] }) {
  const t = useText(homeText)
  const byHouse = new Map<string, WearableRole[]>()
  for (const role of roles)
    for (const house of role.houses) byHouse.set(house, [...(byHouse.get(house) ?? []), role])
  return (
    <Panel area="houses" title={t.houses} hint={t.housesHint}>
      {byHouse.size === 0 && <Box color="text-status-inactive">{t.noHouses}</Box>}
      <ul className="house-others">
        {[...byHouse].slice(0, shown.houses).map(([house, open]) => (
          <li key={house}>
            <House size={48} />
            <span>
              <strong>{house}</strong>
              {open.slice(0, shown.houses).map(({ id, name }) => (
                <Link key={id} href={`/roles/${encodeURIComponent(name)}`}>
                  <Mask role={{ id, name }} size={20} /> {name}
                </Link>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {byHouse.size > shown.houses && <p>{t.more(byHouse.size - shown.houses)}</p>}
    </Panel>
  )
}

interface RefusalsProps {
  readonly refusals: readonly Refusal[]
  readonly failed: boolean
}

/** The last refusals, each with the way to its reason. */
export function Refusals({ refusals, failed }: RefusalsProps) {
  const t = useText(homeText)
  const shell = useText(shellText)
  const language = useLanguage()
  return (
    <Panel area="refusals" title={t.denials} hint={t.denialsHint}>
      {failed ? (
        <Box color="text-status-inactive">{t.unknown}</Box>
      ) : refusals.length === 0 ? (
        <Box color="text-status-inactive">{t.noDenials}</Box>
      ) : (
        <ul className="house-refusals">
          {refusals.slice(0, shown.refusals).map(({ id, who, action, at, decision }) => (
            <li key={id}>
              <Sign name="no" />
              <span>
                <strong>{action}</strong> <span dir="auto">{who}</span> <small>{timeOf(at, language)}</small>
              </span>
              {decision !== undefined && (
                <Link
                  href={`/d/${encodeURIComponent(decision)}`}
                  aria-label={`${shell.why} ${action}, ${who}`}
                >
                  {shell.why}
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
