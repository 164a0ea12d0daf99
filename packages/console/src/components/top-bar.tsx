import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown'
import { Fragment } from 'react'
import { useLocation } from 'wouter'
import { chooseAppearance, useAppearance } from '../client/appearance.ts'
import { type Identity, identities, useIdentity } from '../client/identity.ts'
import { useSecondsLeft } from '../client/seconds-left.ts'
import { useServer } from '../client/server.ts'
import { useSwitchHistory } from '../client/switching.ts'
import { language, useLanguage, useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { colorStyle } from './color.ts'
import { useFavicon } from './favicon.ts'
import { Mask } from './mask.tsx'
import { useMessages } from './messages.tsx'
import { Brand, Sign } from './sign.tsx'

/** The user, the role that is assumed and its remaining time, the account and the mode, on every page. Without `onSearch` (the sign-in page) there is no user. */
export function TopBar({ onSearch }: { readonly onSearch?: () => void }) {
  const current = useIdentity()
  const identity = onSearch === undefined ? undefined : current
  const t = useText(shellText)
  const lang = useLanguage()
  const appearance = useAppearance()
  return (
    <header ref={reportHeight} className={`top-bar ${identity?.role === undefined ? '' : 'is-wearing'}`}>
      <Line identity={identity} />
      <a className="top-bar-brand" href="/_omen/" aria-label="お omen">
        <Brand />
        <span className="top-bar-name">omen</span>
      </a>
      {identity !== undefined && (
        <button type="button" className="top-bar-search" onClick={onSearch} aria-keyshortcuts="Control+K">
          <Sign name="search" />
          <span className="top-bar-search-label">{t.search}</span>
          <kbd>{t.searchShortcut}</kbd>
        </button>
      )}
      <div className="top-bar-end">
        {identity !== undefined && <ModeBadge />}
        {identity !== undefined && (
          <span className="top-bar-account" title={t.account}>
            <span className="visually-hidden">{t.account} </span>
            {identity.account}
          </span>
        )}
        <button
          type="button"
          className="top-bar-button"
          lang={lang === 'en' ? 'ja' : 'en'}
          onClick={() => language.choose(lang === 'en' ? 'ja' : 'en')}
        >
          {t.otherLanguage}
        </button>
        <button
          type="button"
          className="top-bar-button"
          aria-label={appearance === 'dark' ? t.light : t.dark}
          onClick={() => chooseAppearance(appearance === 'dark' ? 'light' : 'dark')}
        >
          <Sign name={appearance === 'dark' ? 'sun' : 'moon'} />
        </button>
        {identity !== undefined && <IdentityMenu identity={identity} />}
      </div>
    </header>
  )
}

/** Keeps the height of the bar in the style of the page: heads of tables stick beneath it. */
function reportHeight(bar: HTMLElement | null) {
  if (bar === null) return
  const observer = new ResizeObserver(() =>
    document.documentElement.style.setProperty('--top-bar', `${bar.offsetHeight}px`),
  )
  observer.observe(bar)
  return () => observer.disconnect()
}

function ModeBadge() {
  const t = useText(shellText)
  const { data } = useServer()
  if (data === undefined) return null
  const { label, hint, sign } = (
    {
      enforce: { label: t.modeEnforce, hint: t.modeEnforceHint, sign: 'enforced' },
      audit: { label: t.modeAudit, hint: t.modeAuditHint, sign: 'audited' },
      off: { label: t.modeOff, hint: t.modeOffHint, sign: 'no' },
    } as const
  )[data.mode]
  return (
    <span className={`mode-badge mode-${data.mode}`} title={hint}>
      <span className="visually-hidden">{t.modeIs('')}</span>
      {label} <Sign name={sign} size={12} />
      {data.clockAhead !== undefined && <> · {t.testClock(Math.floor(data.clockAhead / 60_000))}</>}
    </span>
  )
}

/** The line in the role's color, hatched for production. The role's name is in the bar: color alone carries no meaning. */
function Line({ identity }: { readonly identity: Identity | undefined }) {
  const role = identity?.role
  if (role === undefined) return null
  return (
    <span
      className={`top-bar-line ${role.hatched ? 'is-hatched' : ''}`}
      style={colorStyle(role.color)}
      aria-hidden="true"
    />
  )
}

function IdentityMenu({ identity }: { readonly identity: Identity }) {
  const t = useText(shellText)
  const [, navigate] = useLocation()
  const { say } = useMessages()
  const assumed = identity.role
  const name = nameOf(identity)
  const from = identity.switchedFrom
  useFavicon(identity, [name, ...assumedBefore(identity)].join(' ← '))
  const chained = identity.chainedFrom
  const earlier = [...assumedBefore(identity), ...(from === undefined ? [] : [from.name])]
  const recent = useSwitchHistory().data?.slice(0, 5) ?? []
  const items: ButtonDropdownProps.ItemOrGroup[] = [
    {
      id: 'who',
      text: from === undefined ? identity.name : t.wearing(assumed?.name ?? identity.name),
      secondaryText: identity.arn,
      disabled: true,
    },
    ...(chained === undefined ? [] : [{ id: 'unchain', text: t.unchain(nameOf(chained)) }]),
    ...(from === undefined
      ? []
      : [{ id: 'back', text: t.switchBack, secondaryText: t.switchBackTo(from.name) }]),
    { id: 'switch', text: t.switchRole },
    ...(assumed === undefined
      ? []
      : [{ id: 'chain', text: t.chain, secondaryText: t.chainTo(assumed.name) }]),
    ...(recent.length === 0
      ? []
      : [
          {
            text: t.recent,
            items: recent.map((entry, index) => ({
              id: `recent/${index}`,
              text: entry.displayName ?? entry.roleName,
              secondaryText: `${entry.roleName} @ ${entry.account}`,
              disabled: !entry.check.allowed,
              disabledReason: entry.check.why ?? '',
            })),
          },
        ]),
    { id: 'tab', text: t.newTab, external: true },
    { id: 'out', text: t.signOut },
  ]
  const follow = async (id: string) => {
    const entry = recent[Number(/^recent\/(\d+)$/.exec(id)?.[1] ?? Number.NaN)]
    if (entry !== undefined) await identities.switchRole(entry).then(() => navigate('/'))
    else if (id === 'back') await identities.switchBack().then(() => navigate('/'))
    else if (id === 'unchain') identities.unchain()
    else if (id === 'switch') navigate('/switchrole')
    else if (id === 'chain') navigate('/switchrole/chain')
    else if (id === 'tab') window.open('/_omen/signin?new', '_blank', 'noopener')
    else if (id === 'out') await identities.signOut()
  }
  return (
    <div className="top-bar-identity">
      {assumed !== undefined && <Mask role={assumed} size={24} />}
      <ButtonDropdown
        variant="normal"
        ariaLabel={`${t.accountMenu}: ${[name, ...earlier].join(', ')}`}
        items={items}
        onItemClick={({ detail }) =>
          void follow(detail.id).catch((error) =>
            say('error', error instanceof Error ? error.message : String(error)),
          )
        }
      >
        {[name, ...earlier].map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one user may be there twice
          <Fragment key={index}>
            {index > 0 && (
              <>
                {' '}
                <Sign name="left" />{' '}
              </>
            )}
            {each}
          </Fragment>
        ))}
      </ButtonDropdown>
      <Countdown until={identity.expiresAt} />
    </div>
  )
}

/** How long the session lasts. Screen readers announce it at five minutes and at one. */
function Countdown({ until }: { readonly until: string }) {
  const t = useText(shellText)
  const left = useSecondsLeft(until)
  const minutes = Math.floor(left / 60)
  const announced = minutes === 5 || minutes === 1 ? t.minutesLeft(minutes) : ''
  return (
    <>
      <span className="top-bar-countdown" aria-hidden="true" title={t.endsAt(new Date(until))}>
        {t.left(Math.floor(minutes / 60), minutes % 60, left % 60)}
      </span>
      <span className="visually-hidden" role="status">
        {announced}
      </span>
    </>
  )
}

/** The bar's name for an identity. */
function nameOf({ role, name }: Identity): string {
  return role?.displayName || role?.name || name
}

/** The roles of a chain before the one that is assumed now, latest first. */
function assumedBefore({ chainedFrom }: Identity): readonly string[] {
  return chainedFrom === undefined ? [] : [nameOf(chainedFrom), ...assumedBefore(chainedFrom)]
}
