import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { json } from '../client/aws.ts'
import {
  attachedPolicies,
  type ControlPolicy,
  leftBy,
  listControlPolicies,
  type Organization,
  type OrganizationNode,
  type PolicyType,
  policyTypes,
} from '../client/organization.ts'
import { useText } from '../text/language.ts'
import { organizationText } from '../text/organization.ts'
import { Dialog } from './dialog.tsx'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'
import { PolicyDocument } from './policy-document.tsx'
import { ServiceBars } from './service-bars.tsx'
import { Statements } from './statements.tsx'

const PolicyEditor = lazy(() => import('./policy-editor.tsx'))

const kinds = { SERVICE_CONTROL_POLICY: 'scp', RESOURCE_CONTROL_POLICY: 'rcp' } as const
const blank: Readonly<Record<PolicyType, string>> = {
  SERVICE_CONTROL_POLICY: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Action": "",
      "Resource": "*"
    }
  ]
}`,
  RESOURCE_CONTROL_POLICY: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Principal": "*",
      "Action": "",
      "Resource": "*"
    }
  ]
}`,
}

function attachedQuery(target: string, type: PolicyType, isOn = true) {
  return {
    queryKey: ['organization', 'attached', target, type],
    queryFn: ({ signal }: { signal: AbortSignal }) => attachedPolicies(target, type, signal),
    enabled: isOn,
  }
}

interface ControlProps {
  readonly whole: Organization
  readonly node: OrganizationNode
  readonly nodes: readonly OrganizationNode[]
  readonly type: PolicyType
}

/** The policies of one type that limit a node: those attached to it, and those that it inherits. */
export function ControlPolicies({ whole, node, nodes, type }: ControlProps) {
  const t = useText(organizationText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [dialog, setDialog] = useState<'attach' | 'create' | ControlPolicy>()
  const isOn = whole.enabledTypes.includes(type)
  const own = useQuery(attachedQuery(node.id, type, isOn))
  const above = useQueries({ queries: node.above.map((id) => attachedQuery(id, type, isOn)) })
  const renew = () => client.invalidateQueries({ queryKey: ['organization'] })
  const enable = () =>
    json('organizations', 'EnablePolicyType', { RootId: whole.root.id, PolicyType: type }).then(
      renew,
      (error: unknown) => say('error', <Failure error={error} />),
    )
  const close = () => setDialog(undefined)
  return (
    <Container
      header={
        <Header
          variant="h3"
          actions={
            isOn ? (
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => setDialog('attach')}>{t.attach}</Button>
                <Button onClick={() => setDialog('create')}>{t.createPolicy}</Button>
              </SpaceBetween>
            ) : (
              <Button onClick={() => void enable()}>{t.enable}</Button>
            )
          }
        >
          {type === 'SERVICE_CONTROL_POLICY' ? t.scps : t.rcps}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {!isOn && <Box color="text-status-inactive">{t.typeOff}</Box>}
        {own.isError && <Failure error={own.error} />}
        {isOn && own.isPending && <Spinner />}
        {own.data?.length === 0 && <Box color="text-status-inactive">{t.nothingAttached}</Box>}
        {own.data?.map((policy) => (
          <PolicyDocument
            key={policy.id}
            id={`organization/${policy.id}`}
            name={policy.name}
            detail={policy.id}
            text={policy.document}
            kind={kinds[type]}
            actions={
              <Button variant="inline-link" wrapText={false} onClick={() => setDialog(policy)}>
                {t.detach}
              </Button>
            }
            {...(policy.isAws
              ? {}
              : {
                  onSave: async (Content: string) => {
                    await json('organizations', 'UpdatePolicy', { PolicyId: policy.id, Content })
                    await renew()
                  },
                })}
          />
        ))}
        {above.flatMap((query, at) =>
          (query.data ?? []).map((policy) => (
            <section key={`${node.above[at]} ${policy.id}`}>
              <Box fontWeight="bold">
                {policy.name}{' '}
                <Box variant="small" display="inline">
                  {t.inherited(nodes.find(({ id }) => id === node.above[at])?.name ?? '')}
                </Box>
              </Box>
              <Statements text={policy.document} kind={kinds[type]} />
            </section>
          )),
        )}
      </SpaceBetween>
      {dialog === 'attach' && <Attach node={node} type={type} onClose={close} onDone={renew} />}
      {dialog === 'create' && <Create node={node} type={type} onClose={close} onDone={renew} />}
      {typeof dialog === 'object' && (
        <Dialog
          visible
          title={t.detach}
          submit={t.detach}
          onClose={close}
          onSubmit={async () => {
            await json('organizations', 'DetachPolicy', { PolicyId: dialog.id, TargetId: node.id })
            await renew()
            say('success', t.detached)
          }}
        >
          {t.detachSure(dialog.name, node.name)}
        </Dialog>
      )}
    </Container>
  )
}

interface ChangeProps {
  readonly node: OrganizationNode
  readonly type: PolicyType
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

function Attach({ node, type, onClose, onDone }: ChangeProps) {
  const t = useText(organizationText)
  const { say } = useMessages()
  const [chosen, setChosen] = useState('')
  const policies = useQuery({
    queryKey: ['organization', 'policies', type],
    queryFn: ({ signal }) => listControlPolicies(type, signal),
  })
  const options = (policies.data ?? []).map(({ Id, Name }) => ({ value: Id, label: Name, description: Id }))
  return (
    <Dialog
      visible
      title={t.attach}
      submit={t.attach}
      disabled={chosen === ''}
      onClose={onClose}
      onSubmit={async () => {
        await json('organizations', 'AttachPolicy', { PolicyId: chosen, TargetId: node.id })
        await onDone()
        say('success', t.attached)
      }}
    >
      <FormField label={t.policy}>
        <Select
          options={options}
          statusType={policies.isPending ? 'loading' : 'finished'}
          selectedOption={options.find(({ value }) => value === chosen) ?? null}
          onChange={({ detail }) => setChosen(detail.selectedOption.value ?? '')}
        />
      </FormField>
    </Dialog>
  )
}

function Create({ node, type, onClose, onDone }: ChangeProps) {
  const t = useText(organizationText)
  const { say } = useMessages()
  const [name, setName] = useState('')
  const [document, setDocument] = useState(blank[type])
  return (
    <Dialog
      visible
      title={t.createPolicy}
      submit={t.createPolicy}
      size="large"
      disabled={name === ''}
      onClose={onClose}
      onSubmit={async () => {
        const { Policy } = await json<{ Policy: { PolicySummary: { Id: string } } }>(
          'organizations',
          'CreatePolicy',
          { Name: name, Description: '', Type: type, Content: document },
        )
        await json('organizations', 'AttachPolicy', {
          PolicyId: Policy.PolicySummary.Id,
          TargetId: node.id,
        })
        await onDone()
        say('success', t.policyCreated)
      }}
    >
      <FormField label={t.policyName}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
      <Suspense fallback={<pre className="policy-plain">{document}</pre>}>
        <PolicyEditor value={document} kind={kinds[type]} label={t.policyDocument} onChange={setDocument} />
      </Suspense>
    </Dialog>
  )
}

/** Counts, by service, the actions that the SCPs and RCPs from the root down to a node leave. */
export function WhatTheyLeave(props: { readonly whole: Organization; readonly node: OrganizationNode }) {
  const { whole, node } = props
  const t = useText(organizationText)
  const path = [...node.above, node.id]
  const isOn = (type: PolicyType) => whole.enabledTypes.includes(type)
  const types = policyTypes.filter(isOn)
  const attached = useQueries({
    queries: types.flatMap((type) => path.map((id) => attachedQuery(id, type))),
  })
  const texts = attached.map(({ data }) => (data ?? []).map(({ document }) => document))
  const levelsOf = (type: PolicyType) =>
    isOn(type) ? texts.slice(types.indexOf(type) * path.length).slice(0, path.length) : []
  const scps = levelsOf('SERVICE_CONTROL_POLICY')
  const rcps = levelsOf('RESOURCE_CONTROL_POLICY')
  const left = useQuery({
    queryKey: ['organization', 'left', scps, rcps],
    queryFn: () => leftBy(scps, rcps),
    enabled: attached.every(({ data }) => data !== undefined),
  })
  const failed = attached.find(({ isError }) => isError)?.error ?? left.error
  return (
    <Container
      header={
        <Header variant="h3" description={t.leftHint}>
          {t.left}
        </Header>
      }
    >
      {failed !== null && <Failure error={failed} />}
      {left.data === undefined && failed === null && <Spinner />}
      {left.data !== undefined && <ServiceBars rest={left.data} none={t.leftNone} />}
    </Container>
  )
}
