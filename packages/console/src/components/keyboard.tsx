import Box from '@cloudscape-design/components/box'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { identities, useIdentity } from '../client/identity.ts'
import { chooseSingleKeys, isTyping, useSingleKeys } from '../client/shortcuts.ts'
import { useText } from '../text/language.ts'
import { paletteText } from '../text/palette.ts'
import { shellText } from '../text/shell.ts'
import type { NamedPage } from './named-page.ts'

const Palette = lazy(() => import('./search-palette.tsx'))

/** Where `g` and a further key lead. */
const places: Readonly<Record<string, string>> = {
  r: '/roles',
  e: '/events',
  h: '/',
  s: '/sessions',
  t: '/try',
  p: '/learn',
}

/** The second key comes within so many milliseconds. */
const together = 1_500

interface KeyboardProps {
  readonly pages: readonly NamedPage[]
  readonly palette: boolean
  readonly onPalette: (open: boolean | ((was: boolean) => boolean)) => void
}

/** The shortcuts of every page, the palette, and the sheet that lists them. */
export function Keyboard({ pages, palette, onPalette }: KeyboardProps) {
  const [, navigate] = useLocation()
  const identity = useIdentity()
  const singleKeys = useSingleKeys()
  const [sheet, setSheet] = useState(false)
  const pressedG = useRef(Number.NEGATIVE_INFINITY)
  const switched = identity?.switchedFrom !== undefined
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey } = event
      const act = (run: () => void) => {
        event.preventDefault()
        run()
      }
      // the state at the time of the update decides: this listener may be older
      if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k')
        return act(() => onPalette((was) => !was))
      if (altKey && !ctrlKey && !metaKey) {
        if (event.code === 'KeyS') return act(() => navigate('/switchrole'))
        if (event.code === 'KeyB' && switched)
          return act(() => void identities.switchBack().then(() => navigate('/')))
      }
      if (!singleKeys || ctrlKey || metaKey || altKey || isTyping(event.target) || isInDialog(event.target))
        return
      // the time of the press, which a busy page does not delay
      const { timeStamp } = event
      const place = timeStamp - pressedG.current < together ? places[key] : undefined
      pressedG.current = key === 'g' ? timeStamp : Number.NEGATIVE_INFINITY
      if (place !== undefined) return act(() => navigate(place))
      if (key === '?') return act(() => setSheet(true))
      if (key === '/') return act(focusFilter)
      if (key === 'j' || key === 'k') moveRow(event, key === 'j' ? 1 : -1)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [navigate, onPalette, singleKeys, switched])
  return (
    <>
      {palette && (
        <Suspense fallback={null}>
          <Palette pages={pages} onClose={() => onPalette(false)} />
        </Suspense>
      )}
      {sheet && <Sheet onClose={() => setSheet(false)} />}
    </>
  )
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('dialog, [role="dialog"]') !== null
}

/** The first filter of the page. */
function focusFilter(): void {
  document
    .querySelector<HTMLInputElement>('main input[type="search"], main [data-filter] input, main input')
    ?.focus()
}

/** Moves the focus from row to row of a list; lists that do it themselves have stopped the key. */
function moveRow(event: KeyboardEvent, step: number): void {
  if (event.defaultPrevented) return
  const rows = [...document.querySelectorAll<HTMLElement>('main tbody tr')]
  if (rows.length === 0) return
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))]
  const target =
    row?.tabIndex === -1 && row.hasAttribute('tabindex')
      ? row
      : (row?.querySelector<HTMLElement>('a, button') ?? row)
  event.preventDefault()
  target?.focus()
}

function Sheet({ onClose }: { readonly onClose: () => void }) {
  const t = useText(paletteText)
  const shell = useText(shellText)
  const singleKeys = useSingleKeys()
  const rows = [
    ['Ctrl K', t.openPalette],
    ['Alt S', t.switchRole],
    ['Alt B', t.switchBack],
    ['g h', t.goHome],
    ['g r', t.goRoles],
    ['g e', t.goEvents],
    ['g s', t.goSessions],
    ['g t', t.goTry],
    ['g p', t.goPractice],
    ['/', t.filter],
    ['j k', t.rows],
    ['Enter', t.openRow],
    ['Esc', t.closePanel],
    ['?', t.sheet],
  ]
  return (
    <Modal visible header={t.keyboard} onDismiss={onClose} closeAriaLabel={shell.close}>
      <SpaceBetween size="m">
        <dl className="held">
          {rows.map(([keys, what]) => (
            <div key={keys} className="held-row">
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <Toggle checked={singleKeys} onChange={({ detail }) => chooseSingleKeys(detail.checked)}>
          {t.singleKeys}
        </Toggle>
        <Box color="text-body-secondary">{t.singleKeysHint}</Box>
      </SpaceBetween>
    </Modal>
  )
}
