import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type ReactNode, useState } from 'react'
import { useText } from '../text/language.ts'
import { shellText } from '../text/shell.ts'
import { Failure } from './failure.tsx'

export interface DialogProps {
  readonly visible: boolean
  readonly title: string
  /** The label of the button that does it. */
  readonly submit: string
  readonly disabled?: boolean
  /** A dialog with an editor is wider. */
  readonly size?: 'medium' | 'large'
  /** After it is done; also when the person leaves, unless `onDismiss` says what happens then. */
  readonly onClose: () => void
  readonly onDismiss?: () => void
  /** Does it; what it throws is shown in the dialog, which stays open. */
  readonly onSubmit: () => Promise<void>
  readonly children: ReactNode
}

/** A dialog that asks before something is done, or asks for what is needed to do it. */
export function Dialog(props: DialogProps) {
  const { visible, title, submit, disabled, size = 'medium', onClose, onSubmit, children } = props
  const leave = props.onDismiss ?? onClose
  const shell = useText(shellText)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const run = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await onSubmit()
      onClose()
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      visible={visible}
      header={title}
      size={size}
      onDismiss={() => {
        setError(undefined)
        leave()
      }}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={leave}>
              {shell.cancel}
            </Button>
            <Button variant="primary" loading={busy} disabled={disabled === true} onClick={() => void run()}>
              {submit}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation() // a dialog in a dialog is a form in a form
          if (disabled !== true) void run()
        }}
      >
        <SpaceBetween size="m">
          {error !== undefined && <Failure error={error} />}
          {children}
        </SpaceBetween>
      </form>
    </Modal>
  )
}
