import Button from '@cloudscape-design/components/button'
import type { FlashbarProps } from '@cloudscape-design/components/flashbar'
import Modal from '@cloudscape-design/components/modal'
import { type ReactNode, useState } from 'react'
import { identities, useHasEnded, useIdentity } from '../client/identity.ts'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { SignInForm } from './sign-in-form.tsx'

/**
 * The view once the session of the tab is over: the page stays as it is, a notice says so, and the sign-in opens
 * over the page. Where only the role's session is over, it is put on again by one button.
 */
export function useSessionEnded(): {
  readonly notice: FlashbarProps.MessageDefinition | undefined
  readonly form: ReactNode
} {
  const t = useText(shellText)
  const ended = useHasEnded()
  const identity = useIdentity()
  const [open, setOpen] = useState(false)
  if (!ended || identity === undefined) return { notice: undefined, form: undefined }
  const original = identity.switchedFrom ?? identity
  const canRenew = identity.switchedFrom !== undefined && identity.chainedFrom === undefined
  const notice: FlashbarProps.MessageDefinition = {
    id: 'session-ended',
    type: 'warning',
    content: canRenew ? t.sessionEndedAs(identity.role?.name ?? identity.name) : t.sessionEnded,
    action: (
      <Button onClick={() => (canRenew ? void identities.renew().catch(() => setOpen(true)) : setOpen(true))}>
        {canRenew ? t.wearAgain : t.signInAgain}
      </Button>
    ),
  }
  const form = (
    <Modal visible={open} onDismiss={() => setOpen(false)} closeAriaLabel={t.close} header={t.signInAgain}>
      <SignInForm
        heading="h3"
        filled={{ account: original.account, userName: identity.kind === 'root' ? '' : original.name }}
        onDone={() => setOpen(false)}
      />
    </Modal>
  )
  return { notice, form }
}
