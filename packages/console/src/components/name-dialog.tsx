import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { type ReactNode, useState } from 'react'
import { Dialog } from './dialog.tsx'
import { useMessages } from './messages.tsx'

interface NameDialogProps {
  readonly title: string
  /** The label of the name. */
  readonly label: string
  /** The message when it is created. */
  readonly done: string
  /** More than a name is needed. */
  readonly disabled?: boolean
  readonly size?: 'medium' | 'large'
  readonly onCreate: (name: string) => Promise<void>
  readonly onClose: () => void
  /** Further fields. */
  readonly children?: ReactNode
}

/** A dialog that creates something that has a name. */
export function NameDialog(props: NameDialogProps) {
  const { say } = useMessages()
  const [name, setName] = useState('')
  return (
    <Dialog
      visible
      title={props.title}
      submit={props.title}
      size={props.size ?? 'medium'}
      disabled={name === '' || props.disabled === true}
      onClose={props.onClose}
      onSubmit={async () => {
        await props.onCreate(name)
        say('success', props.done)
      }}
    >
      <FormField label={props.label}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
      </FormField>
      {props.children}
    </Dialog>
  )
}
