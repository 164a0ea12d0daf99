import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Wizard from '@cloudscape-design/components/wizard'
import { parsePolicy } from '@omen-iam/policy'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useIdentity } from '../client/identity.ts'
import { managedPolicy } from '../client/policies.ts'
import { createRole, IncompleteRole, isForEc2, type RoleDraft, useRoleDraft } from '../client/role-draft.ts'
import { isComplete, trustDocument } from '../client/trust-templates.ts'
import { AssumersList } from '../components/assumers-list.tsx'
import { Failure } from '../components/failure.tsx'
import { useMessages } from '../components/messages.tsx'
import { PolicyPicker } from '../components/policy-picker.tsx'
import { RoleWhat } from '../components/role-what.tsx'
import { RoleWho } from '../components/role-who.tsx'
import { Statements } from '../components/statements.tsx'
import { TagFields } from '../components/tag-fields.tsx'
import { useText } from '../text/language.ts'
import { newRoleText } from '../text/new-role.ts'

const hours = [1, 2, 4, 8, 12]

/** Makes a role in four steps. What is typed survives a reload. */
export default function CreateRolePage() {
  const t = useText(newRoleText)
  const identity = useIdentity()
  const { say } = useMessages()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [draft, change, discard] = useRoleDraft()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const trust = draft.ownTrust ?? trustDocument(draft.trust, identity?.account ?? '')
  const setTrust = (text: string) => {
    if (text !== trust) change({ ownTrust: text, trust: { ...draft.trust, kind: 'custom' } })
  }
  const isReady = [
    isComplete(draft.trust) && parsePolicy(trust, 'trust').ok,
    draft.inline === undefined || parsePolicy(draft.inline, 'identity').ok,
    true,
    /^[\w+=,.@-]{1,64}$/.test(draft.name),
  ]
  const leave = (path: string) => {
    discard()
    navigate(path)
  }
  const submit = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await createRole(draft, trust)
      say('success', t.created(draft.name))
      leave(`/roles/${encodeURIComponent(draft.name)}`)
    } catch (refusal) {
      if (!(refusal instanceof IncompleteRole)) return setError(refusal)
      say('warning', t.incompleteRole(draft.name))
      say('error', <Failure error={refusal.cause} />)
      leave(`/roles/${encodeURIComponent(draft.name)}`)
    } finally {
      setBusy(false)
      await client.invalidateQueries()
    }
  }
  return (
    <SpaceBetween size="l">
      <BreadcrumbGroup
        items={[
          { text: t.roles, href: '/_omen/roles' },
          { text: t.title, href: '' },
        ]}
        onFollow={(event) => {
          event.preventDefault()
          if (event.detail.href !== '') navigate('/roles')
        }}
      />
      <Wizard
        activeStepIndex={draft.step}
        submitButtonText={t.title}
        isLoadingNextStep={busy}
        onCancel={() => leave('/roles')}
        onNavigate={({ detail }) => {
          setError(undefined)
          if (detail.requestedStepIndex < draft.step || isReady[draft.step] === true)
            change({ step: detail.requestedStepIndex })
        }}
        onSubmit={() => {
          if (isReady.every((each) => each)) void submit()
        }}
        steps={[
          {
            title: t.who,
            description: t.whoHint,
            content: (
              <RoleWho
                fields={draft.trust}
                document={trust}
                onFields={(fields) =>
                  change({ trust: fields, ownTrust: fields.kind === 'custom' ? trust : undefined })
                }
                onDocument={setTrust}
              />
            ),
          },
          {
            title: t.what,
            description: t.whatHint,
            content: (
              <RoleWhat
                draft={draft}
                onChange={change}
                onRemoveInline={() => change({ inline: undefined })}
              />
            ),
          },
          {
            title: t.limit,
            description: t.limitHint,
            content: <Limit draft={draft} onChange={change} />,
          },
          {
            title: t.review,
            description: t.reviewHint,
            content: (
              <SpaceBetween size="l">
                {error !== undefined && <Failure error={error} />}
                <Review draft={draft} trust={trust} onChange={change} />
              </SpaceBetween>
            ),
          },
        ]}
      />
    </SpaceBetween>
  )
}

interface StepProps {
  readonly draft: RoleDraft
  readonly onChange: (change: Partial<RoleDraft>) => void
}

function Limit({ draft, onChange }: StepProps) {
  const t = useText(newRoleText)
  const options = hours.map((count) => ({ value: String(count), label: t.hours(count) }))
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="m">
          <FormField label={t.boundary}>
            <PolicyPicker
              chosen={draft.boundary}
              onChange={(boundary) => onChange({ boundary })}
              find={t.findPolicies}
              none={t.noBoundary}
            />
          </FormField>
          <ManagedWords arn={draft.boundary} kind="boundary" />
        </SpaceBetween>
      </Container>
      <Container>
        <FormField label={t.maxSession}>
          <Select
            options={options}
            selectedOption={options.find(({ value }) => value === String(draft.maxHours)) ?? null}
            onChange={({ detail }) => onChange({ maxHours: Number(detail.selectedOption.value) })}
          />
        </FormField>
      </Container>
    </SpaceBetween>
  )
}

/** A managed policy by name and in words; nothing where none is chosen. */
function ManagedWords({ arn, kind }: { readonly arn: string; readonly kind: 'identity' | 'boundary' }) {
  const policy = useQuery({
    queryKey: ['policy', arn],
    queryFn: ({ signal }) => managedPolicy(arn, signal),
    enabled: arn !== '',
  })
  if (arn === '') return null
  return (
    <div>
      <b>{policy.data?.name ?? arn}</b>
      {policy.data !== undefined && <Statements text={policy.data.document} kind={kind} />}
    </div>
  )
}

function Review({ draft, trust, onChange }: StepProps & { readonly trust: string }) {
  const t = useText(newRoleText)
  const set = (name: 'name' | 'path' | 'description') => (event: { detail: { value: string } }) =>
    onChange({ [name]: event.detail.value })
  const hasNothing = draft.managed.length === 0 && draft.inline === undefined
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="m">
          <FormField label={t.name} description={t.nameHint}>
            <Input value={draft.name} onChange={set('name')} spellcheck={false} />
          </FormField>
          <FormField label={t.description}>
            <Input value={draft.description} onChange={set('description')} placeholder={t.optional} />
          </FormField>
          <FormField label={t.path}>
            <Input value={draft.path} onChange={set('path')} spellcheck={false} />
          </FormField>
          <FormField label={t.tags}>
            <TagFields tags={draft.tags} onChange={(tags) => onChange({ tags })} />
          </FormField>
          {isForEc2(trust) && <Alert type="info">{t.profileToo}</Alert>}
        </SpaceBetween>
      </Container>
      <div className="three-policies">
        <Container header={<Header variant="h2">{t.who}</Header>}>
          <Statements text={trust} kind="trust" />
        </Container>
        <Container header={<Header variant="h2">{t.what}</Header>}>
          {hasNothing && <Box color="text-status-inactive">{t.nothingMay}</Box>}
          {draft.managed.map((arn) => (
            <ManagedWords key={arn} arn={arn} kind="identity" />
          ))}
          {draft.inline !== undefined && <Statements text={draft.inline} kind="identity" />}
        </Container>
        <Container header={<Header variant="h2">{t.limit}</Header>}>
          {draft.boundary === '' ? (
            <Box color="text-status-inactive">{t.noBoundary}</Box>
          ) : (
            <ManagedWords arn={draft.boundary} kind="boundary" />
          )}
        </Container>
      </div>
      <Container header={<Header variant="h2">{t.willWear}</Header>}>
        <AssumersList trust={trust} />
      </Container>
    </SpaceBetween>
  )
}
