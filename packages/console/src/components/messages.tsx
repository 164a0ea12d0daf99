import type { FlashbarProps } from '@cloudscape-design/components/flashbar'
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'

interface Messages {
  readonly items: readonly FlashbarProps.MessageDefinition[]
  /** Shows a message above the page until it is dismissed. */
  readonly say: (type: 'success' | 'info' | 'warning' | 'error', content: ReactNode) => void
}

const Context = createContext<Messages>({ items: [], say: () => undefined })

/** Messages are few: the oldest gives way. */
const most = 5

/** Keeps the messages that pages show above themselves. */
export function MessagesProvider({ children }: { readonly children: ReactNode }) {
  const t = useText(shellText)
  const [kept, setKept] = useState<readonly FlashbarProps.MessageDefinition[]>([])
  const messages = useMemo<Messages>(
    () => ({
      items: kept,
      say(type, content) {
        const id = crypto.randomUUID()
        const dismiss = () => setKept((before) => before.filter((each) => each.id !== id))
        const message = { id, type, content, dismissible: true, dismissLabel: t.dismiss, onDismiss: dismiss }
        setKept((before) => [message, ...before].slice(0, most))
      },
    }),
    [kept, t],
  )
  return <Context value={messages}>{children}</Context>
}

export function useMessages(): Messages {
  return useContext(Context)
}
