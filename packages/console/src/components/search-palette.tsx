import '../ask.css'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useText } from '../text/language.ts'
import { paletteText } from '../text/palette.ts'
import { Mask } from './mask.tsx'
import type { NamedPage } from './named-page.ts'
import { type Item, usePaletteItems } from './palette-items.ts'

/** Finds pages, roles, users, policies, ARNs and decisions, and leads there. */
export default function Palette(props: {
  readonly pages: readonly NamedPage[]
  readonly onClose: () => void
}) {
  const { pages, onClose } = props
  const t = useText(paletteText)
  const [, navigate] = useLocation()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useId()
  const items = usePaletteItems(text.trim(), pages)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [at, list])
  // the dialog gives the focus back; its own close event comes later, perhaps after the next Ctrl-K
  const close = () => {
    dialog.current?.close()
    onClose()
  }
  const open = (item: Item | undefined) => {
    if (item === undefined) return
    close()
    navigate(item.to, { state: { asks: item.asks === true, once: crypto.randomUUID() } })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setAt((at + step + items.length) % Math.max(1, items.length))
    else if (event.nativeEvent.isComposing) return
    else if (event.key === 'Enter') open(items[at])
    else if (event.key === 'Escape') close()
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
            key={`${item.kind} ${item.to} ${item.text}`}
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
