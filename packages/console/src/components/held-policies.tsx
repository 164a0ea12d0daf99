import Autosuggest from '@cloudscape-design/components/autosuggest'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { query } from '../client/aws.ts'
import { type HeldPolicy, type Holder, listPolicies, policiesOf } from '../client/policies.ts'
import { useText } from '../text/language.ts'
import { policyText } from '../text/policy.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'
import { PolicyDocument } from './policy-document.tsx'

const PolicyEditor = lazy(() => import('./policy-editor.tsx'))

/** A policy to begin with. */
export const blankPolicy = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "",
      "Resource": "*"
    }
  ]
}`

interface HolderProps {
  readonly holder: Holder
  readonly name: string
}

interface HeldPoliciesProps extends HolderProps {
  /** Stretches of a policy's text that have no effect. */
  readonly shaded?: (text: string) => readonly { readonly from: number; readonly to: number }[]
  /** Draws a note about a changed text that is not saved. */
  readonly changes?: (policy: HeldPolicy, text: string) => ReactNode
}

/** Everything that a role, user or group may do: its policies, each with what can be done about it. */
export function HeldPolicies({ holder, name, shaded, changes }: HeldPoliciesProps) {
  const t = useText(policyText)
  const client = useQueryClient()
  const key = ['held', holder, name]
  const held = useQuery({ queryKey: key, queryFn: ({ signal }) => policiesOf(holder, name, signal) })
  const [dialog, setDialog] = useState<'attach' | 'inline' | HeldPolicy>()
  const renew = async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: key }),
      client.invalidateQueries({ queryKey: ['masks'] }),
    ])
  }
  const close = () => setDialog(undefined)
  return (
    <SpaceBetween size="m">
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={() => setDialog('attach')}>{t.attach}</Button>
        <Button onClick={() => setDialog('inline')}>{t.addInline}</Button>
      </SpaceBetween>
      {held.isError && <Failure error={held.error} />}
      {held.data?.length === 0 && <Box color="text-status-inactive">{t.none}</Box>}
      {held.data?.map((policy) => (
        <PolicyDocument
          key={`${policy.kind}/${policy.name}`}
          id={`${holder}/${name}/${policy.kind}/${policy.name}`}
          name={policy.name}
          detail={detailOf(policy, t)}
          text={policy.document}
          kind="identity"
          {...(shaded === undefined ? {} : { shaded })}
          {...(changes === undefined ? {} : { changes: (text: string) => changes(policy, text) })}
          actions={
            <Button variant="inline-link" wrapText={false} onClick={() => setDialog(policy)}>
              {policy.kind === 'inline' ? t.remove : t.detach}
            </Button>
          }
          {...(policy.kind === 'managed'
            ? {}
            : {
                onSave: async (document: string) => {
                  await putInline(holder, name, policy.name, document)
                  await renew()
                },
              })}
        />
      ))}
      {dialog === 'attach' && <AttachDialog holder={holder} name={name} onClose={close} onDone={renew} />}
      {dialog === 'inline' && <InlineDialog holder={holder} name={name} onClose={close} onDone={renew} />}
      {typeof dialog === 'object' && (
        <Dialog
          visible
          title={dialog.kind === 'inline' ? t.remove : t.detach}
          submit={dialog.kind === 'inline' ? t.remove : t.detach}
          onClose={close}
          onSubmit={async () => {
            await removePolicy(holder, name, dialog)
            await renew()
          }}
        >
          {dialog.kind === 'inline' ? t.removeSure(dialog.name, name) : t.detachSure(dialog.name, name)}
        </Dialog>
      )}
    </SpaceBetween>
  )
}

interface ChangeProps extends HolderProps {
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

function AttachDialog({ holder, name, onClose, onDone }: ChangeProps) {
  const t = useText(policyText)
  const { say } = useMessages()
  const [arn, setArn] = useState('')
  const policies = useQuery({ queryKey: ['policies'], queryFn: ({ signal }) => listPolicies('All', signal) })
  return (
    <Dialog
      visible
      title={t.attach}
      submit={t.attach}
      disabled={arn === ''}
      onClose={onClose}
      onSubmit={async () => {
        await query('iam', `Attach${holder}Policy`, { [`${holder}Name`]: name, PolicyArn: arn })
        await onDone()
        say('success', t.attached)
      }}
    >
      <FormField label={t.policyArn} description={t.policyArnHint}>
        <Autosuggest
          value={arn}
          onChange={({ detail }) => setArn(detail.value)}
          options={(policies.data ?? []).map((policy) => ({ value: policy.arn, label: policy.name }))}
          statusType={policies.isPending ? 'loading' : 'finished'}
          virtualScroll
          enteredTextLabel={(text) => text}
        />
      </FormField>
    </Dialog>
  )
}

function InlineDialog({ holder, name, onClose, onDone }: ChangeProps) {
  const t = useText(policyText)
  const { say } = useMessages()
  const [policyName, setPolicyName] = useState('')
  const [document, setDocument] = useState(blankPolicy)
  return (
    <Dialog
      visible
      title={t.addInline}
      submit={t.addInline}
      disabled={policyName === ''}
      onClose={onClose}
      onSubmit={async () => {
        await putInline(holder, name, policyName, document)
        await onDone()
        say('success', t.saved)
      }}
    >
      <FormField label={t.policyName}>
        <Input value={policyName} onChange={({ detail }) => setPolicyName(detail.value)} />
      </FormField>
      <Suspense fallback={<pre className="policy-plain">{document}</pre>}>
        <PolicyEditor value={document} kind="identity" label={t.document} onChange={setDocument} />
      </Suspense>
    </Dialog>
  )
}

async function putInline(holder: Holder, name: string, policyName: string, document: string): Promise<void> {
  const input = { [`${holder}Name`]: name, PolicyName: policyName, PolicyDocument: document }
  await query('iam', `Put${holder}Policy`, input)
}

async function removePolicy(holder: Holder, name: string, policy: HeldPolicy): Promise<void> {
  const who = { [`${holder}Name`]: name }
  if (policy.kind === 'inline')
    await query('iam', `Delete${holder}Policy`, { ...who, PolicyName: policy.name })
  else await query('iam', `Detach${holder}Policy`, { ...who, PolicyArn: policy.arn })
}

function detailOf(policy: HeldPolicy, t: ReturnType<typeof useText<typeof policyText.en>>): string {
  if (policy.kind === 'inline') return t.inline
  const version = t.version(policy.version ?? '')
  return /^arn:[^:]+:iam::aws:/.test(policy.arn ?? '') ? `${t.awsManaged}, ${version}` : version
}
