import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { json } from '../client/aws.ts'
import type { OrganizationNode } from '../client/organization.ts'
import { useText } from '../text/language.ts'
import { organizationText } from '../text/organization.ts'
import { Dialog } from './dialog.tsx'
import { useMessages } from './messages.tsx'

interface DialogProps {
  readonly onClose: () => void
}

function useDone() {
  const client = useQueryClient()
  const { say } = useMessages()
  return async (message: string) => {
    await client.invalidateQueries({ queryKey: ['organization'] })
    say('success', message)
  }
}

/** Makes an organizational unit. */
export function AddUnit({ parent, onClose }: DialogProps & { readonly parent: string }) {
  const t = useText(organizationText)
  const done = useDone()
  const [name, setName] = useState('')
  return (
    <Dialog
      visible
      title={t.addUnit}
      submit={t.addUnit}
      disabled={name === ''}
      onClose={onClose}
      onSubmit={async () => {
        await json('organizations', 'CreateOrganizationalUnit', { ParentId: parent, Name: name })
        await done(t.unitCreated)
      }}
    >
      <FormField label={t.unitName}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </Dialog>
  )
}

interface CreateStatus {
  readonly CreateAccountStatus: {
    readonly Id: string
    readonly State: string
    readonly FailureReason?: string
  }
}

/** Makes an account of the organization. */
export function AddAccount({ onClose }: DialogProps) {
  const t = useText(organizationText)
  const done = useDone()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  return (
    <Dialog
      visible
      title={t.addAccount}
      submit={t.addAccount}
      disabled={name === '' || email === ''}
      onClose={onClose}
      onSubmit={async () => {
        let { CreateAccountStatus: status } = await json<CreateStatus>('organizations', 'CreateAccount', {
          AccountName: name,
          Email: email,
        })
        while (status.State === 'IN_PROGRESS') {
          await new Promise((resolve) => setTimeout(resolve, 500))
          const CreateAccountRequestId = status.Id
          const answer = await json<CreateStatus>('organizations', 'DescribeCreateAccountStatus', {
            CreateAccountRequestId,
          })
          status = answer.CreateAccountStatus
        }
        if (status.State === 'FAILED') throw new Error(status.FailureReason ?? status.State)
        await done(t.accountCreated)
      }}
    >
      <FormField label={t.accountName}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
      <FormField label={t.email}>
        <Input value={email} type="email" onChange={({ detail }) => setEmail(detail.value)} />
      </FormField>
    </Dialog>
  )
}

/** Moves an account to another unit. */
export function MoveAccount(
  props: DialogProps & { readonly account: OrganizationNode; readonly places: readonly OrganizationNode[] },
) {
  const { account, places, onClose } = props
  const t = useText(organizationText)
  const done = useDone()
  const from = account.above.at(-1) ?? ''
  const [to, setTo] = useState('')
  const options = places
    .filter(({ id }) => id !== from)
    .map(({ id, name }) => ({ value: id, label: name, description: id }))
  return (
    <Dialog
      visible
      title={t.move}
      submit={t.move}
      disabled={to === ''}
      onClose={onClose}
      onSubmit={async () => {
        await json('organizations', 'MoveAccount', {
          AccountId: account.id,
          SourceParentId: from,
          DestinationParentId: to,
        })
        await done(t.moved)
      }}
    >
      <FormField label={t.moveTo}>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === to) ?? null}
          onChange={({ detail }) => setTo(detail.selectedOption.value ?? '')}
        />
      </FormField>
    </Dialog>
  )
}
