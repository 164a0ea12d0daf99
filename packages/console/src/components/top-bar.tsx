import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { chooseAppearance, useAppearance } from '../client/appearance.ts'
import { type Identity, identities, useIdentity } from '../client/identity.ts'
import { useServer } from '../client/server.ts'
import { language, useLanguage, useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { Mask } from './mask.tsx'

/** Who one is, which role one wears and how long, the account and the mode: on every page. */
export function TopBar({ onSearch }: { readonly onSearch: () => void }) {
  const identity = useIdentity()
  const t = useText(shellText)
  const lang = useLanguage()
  const appearance = useAppearance()
  return (
    <header
      className={`top-bar ${identity?.role === undefined ? '' : 'is-wearing'}`}
      data-color={colorOf(identity)}
    >
      <a className="top-bar-brand" href="/_omen/" aria-label="Omen">
        <span aria-hidden="true">お</span>
        <span className="top-bar-name">omen</span>
      </a>
      {identity !== undefined && (
        <button type="button" className="top-bar-search" onClick={onSearch} aria-keyshortcuts="Control+K">
          <span aria-hidden="true">⌕</span>
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
          <span aria-hidden="true">{appearance === 'dark' ? '☀' : '☾'}</span>
        </button>
        {identity !== undefined && <IdentityMenu identity={identity} />}
      </div>
    </header>
  )
}

function ModeBadge() {
  const t = useText(shellText)
  const { data } = useServer()
  if (data === undefined) return null
  const { label, hint, icon } = {
    enforce: { label: t.modeEnforce, hint: t.modeEnforceHint, icon: '●' },
    audit: { label: t.modeAudit, hint: t.modeAuditHint, icon: '▲' },
    off: { label: t.modeOff, hint: t.modeOffHint, icon: '✕' },
  }[data.mode]
  return (
    <span className={`mode-badge mode-${data.mode}`} title={hint}>
      <span className="visually-hidden">{t.modeIs('')}</span>
      {label} <span aria-hidden="true">{icon}</span>
    </span>
  )
}

function IdentityMenu({ identity }: { readonly identity: Identity }) {
  const t = useText(shellText)
  const [, navigate] = useLocation()
  const worn = identity.role
  const name = worn?.displayName || worn?.name || identity.name
  const from = identity.switchedFrom
  const items = [
    {
      id: 'who',
      text: from === undefined ? identity.name : t.wearing(worn?.name ?? identity.name),
      secondaryText: identity.arn,
      disabled: true,
    },
    ...(from === undefined
      ? []
      : [{ id: 'back', text: t.switchBack, secondaryText: t.switchBackTo(from.name) }]),
    { id: 'switch', text: t.switchRole },
    { id: 'tab', text: t.newTab, external: true },
    { id: 'out', text: t.signOut },
  ]
  return (
    <div className="top-bar-identity">
      {worn !== undefined && <Mask role={worn} size={24} />}
      <ButtonDropdown
        variant="normal"
        ariaLabel={`${t.accountMenu}: ${from === undefined ? name : `${name}, ${from.name}`}`}
        items={items}
        onItemClick={({ detail }) => {
          if (detail.id === 'back') void identities.switchBack().then(() => navigate('/'))
          else if (detail.id === 'switch') navigate('/switchrole')
          else if (detail.id === 'tab') window.open('/_omen/signin?new', '_blank', 'noopener')
          else if (detail.id === 'out') void identities.signOut()
        }}
      >
        {from === undefined ? name : `${name} ← ${from.name}`}
      </ButtonDropdown>
      <Countdown until={identity.expiresAt} />
    </div>
  )
}

/** How long the session lasts. Screen readers are told at five minutes and at one. */
function Countdown({ until }: { readonly until: string }) {
  const t = useText(shellText)
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const left = Math.max(0, Math.floor((Date.parse(until) - now) / 1_000))
  const minutes = Math.floor(left / 60)
  const announced = minutes === 5 || minutes === 1 ? t.minutesLeft(minutes) : ''
  return (
    <>
      <span className="top-bar-countdown" aria-hidden="true" title={t.expiresIn(durationText(left))}>
        {durationText(left)}
      </span>
      <span className="visually-hidden" role="status">
        {announced}
      </span>
    </>
  )
}

function durationText(seconds: number): string {
  const hours = Math.floor(seconds / 3_600)
  const pad = (value: number) => String(value).padStart(2, '0')
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

function colorOf(identity: Identity | undefined): string | undefined {
  return identity?.role?.color
}
