import '../ask.css'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { listRoles, listUsers } from '../client/iam.ts'
import { listPolicies } from '../client/policies.ts'
import { useText } from '../text/language.ts'
import { paletteText } from '../text/palette.ts'
import { shellText } from '../text/shell.ts'
import { Mask } from './mask.tsx'

/** Results that are shown. */
const most = 40

interface Item {
  readonly to: string
  readonly text: string
  readonly kind: string
  readonly role?: { readonly name: string; readonly id: string }
}

/** Finds pages, roles, users, policies, ARNs and decisions, and leads there. */
export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const t = useText(paletteText)
  const [, navigate] = useLocation()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useId()
  const items = useItems(text.trim())
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [at, list])
  const open = (item: Item | undefined) => {
    if (item === undefined) return
    onClose()
    navigate(item.to)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setAt((at + step + items.length) % Math.max(1, items.length))
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) open(items[at])
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={dialog} className="palette" aria-label={t.title} onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={items.length === 0 ? undefined : `${list}-${at}`}
        aria-label={t.find}
        placeholder={t.find}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label={t.results} className="palette-items">
        {items.map((item, index) => (
          <div
            key={`${item.kind} ${item.to}`}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="palette-item"
            onClick={() => open(item)}
            onKeyDown={onKeyDown}
            onPointerMove={() => setAt(index)}
          >
            {item.role !== undefined && <Mask role={item.role} size={20} />}
            <span dir="auto">{item.text}</span>
            <small>{item.kind}</small>
          </div>
        ))}
      </div>
      {items.length === 0 && <p role="status">{t.none}</p>}
      <p className="palette-hint">{t.hint}</p>
    </dialog>
  )
}

/** What a text may mean, the likeliest first. */
function useItems(text: string): readonly Item[] {
  const t = useText(paletteText)
  const shell = useText(shellText)
  const once = { staleTime: 60_000, retry: false }
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal), ...once })
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => listUsers(signal), ...once })
  const policies = useQuery({
    queryKey: ['policies', 'Local'],
    queryFn: ({ signal }) => listPolicies('Local', signal),
    ...once,
  })
  const things = useMemo((): readonly Item[] => {
    const pages = pagesOf(shell).map(([to, name]) => ({ to, text: name, kind: t.page }))
    const ofRoles = (roles.data ?? []).map((role) => ({
      to: `/roles/${encodeURIComponent(role.name)}`,
      text: role.name,
      kind: t.role,
      role,
    }))
    const ofUsers = (users.data ?? []).map(({ name }) => ({
      to: `/users/${encodeURIComponent(name)}`,
      text: name,
      kind: t.user,
    }))
    const ofPolicies = (policies.data ?? []).map(({ name, arn }) => ({
      to: `/policies/${encodeURIComponent(arn)}`,
      text: name,
      kind: t.policy,
    }))
    return [...pages, ...ofRoles, ...ofUsers, ...ofPolicies]
  }, [roles.data, users.data, policies.data, shell, t])
  if (text === '') return things.slice(0, most)
  const sought = text.toLowerCase()
  const rank = (item: Item) => {
    const name = item.text.toLowerCase()
    return name === sought ? 0 : name.startsWith(sought) ? 1 : 2
  }
  const found = things
    .filter((item) => item.text.toLowerCase().includes(sought))
    .sort((a, b) => rank(a) - rank(b))
  return [
    ...meant(text, t),
    ...found,
    { to: `/events?text=${encodeURIComponent(text)}`, text: t.events(text), kind: shell.events },
  ].slice(0, most)
}

/** What ids and ARNs lead to. */
function meant(text: string, t: ReturnType<typeof useText<typeof paletteText.en>>): readonly Item[] {
  if (/^d-\w{4,60}$/.test(text) || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))
    return [{ to: `/d/${text}`, text: t.open(text), kind: t.decision }]
  const [, service, kind, rest = ''] =
    /^arn:[\w-]+:(iam|sts)::(?:\d{12}|aws):(role|user|policy|assumed-role)\/(.+)$/.exec(text) ?? []
  if (service === undefined) {
    const action = /^[a-z0-9-]+:[A-Za-z]+$/.test(text)
    return action ? [{ to: `/try?action=${encodeURIComponent(text)}`, text: t.tryIt(text), kind: t.arn }] : []
  }
  const name = kind === 'assumed-role' ? (rest.split('/')[0] ?? '') : (rest.split('/').at(-1) ?? '')
  const page = kind === 'user' ? 'users' : 'roles'
  const to =
    kind === 'policy' ? `/policies/${encodeURIComponent(text)}` : `/${page}/${encodeURIComponent(name)}`
  return [{ to, text, kind: t.arn }]
}

/** The pages, by the names of the navigation. */
function pagesOf(
  shell: ReturnType<typeof useText<typeof shellText.en>>,
): readonly (readonly [string, string])[] {
  return [
    ['/', shell.home],
    ['/sessions', shell.sessions],
    ['/events', shell.events],
    ['/roles', shell.roles],
    ['/users', shell.users],
    ['/policies', shell.policies],
    ['/stream', shell.stream],
    ['/try', shell.tryCall],
    ['/pass', shell.pass],
    ['/switchrole', shell.switchRole],
  ]
}
