import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tiles from '@cloudscape-design/components/tiles'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { query } from '../client/aws.ts'
import { catalogue } from '../client/completions.ts'
import { everyPage } from '../client/iam.ts'
import {
  gitHubSubject,
  isComplete,
  issuerHost,
  knownIssuers,
  type TrustFields,
  type TrustKind,
} from '../client/trust-templates.ts'
import { useText } from '../text/language.ts'
import { newRoleText } from '../text/new-role.ts'
import { Failure } from './failure.tsx'
import { useMessages } from './messages.tsx'

const PolicyEditor = lazy(() => import('./policy-editor.tsx'))

interface WhoProps {
  readonly fields: TrustFields
  readonly document: string
  readonly onFields: (fields: TrustFields) => void
  readonly onDocument: (text: string) => void
}

const kinds: readonly TrustKind[] = ['account', 'otherAccount', 'service', 'oidc', 'saml', 'custom']

/** The first step: who may wear the role. */
export function RoleWho({ fields, document, onFields, onDocument }: WhoProps) {
  const t = useText(newRoleText)
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t.trusted}</Header>}>
        <SpaceBetween size="l">
          <Tiles
            ariaLabel={t.trusted}
            columns={3}
            value={fields.kind}
            items={kinds.map((kind) => ({ value: kind, label: t.kind[kind], description: t.kindHint[kind] }))}
            onChange={({ detail }) =>
              onFields({ ...fields, kind: kinds.find((each) => each === detail.value) ?? 'custom' })
            }
          />
          <TemplateFields fields={fields} onFields={onFields} />
        </SpaceBetween>
      </Container>
      <Container
        header={
          <Header variant="h2" description={isComplete(fields) ? t.trustEdit : t.incomplete}>
            {t.trustPolicy}
          </Header>
        }
      >
        <Suspense fallback={<pre className="policy-plain">{document}</pre>}>
          <PolicyEditor value={document} kind="trust" label={t.trustPolicy} onChange={onDocument} />
        </Suspense>
      </Container>
    </SpaceBetween>
  )
}

interface FieldsProps {
  readonly fields: TrustFields
  readonly onFields: (fields: TrustFields) => void
}

function TemplateFields({ fields, onFields }: FieldsProps) {
  switch (fields.kind) {
    case 'account':
      return <AccountFields fields={fields} onFields={onFields} />
    case 'otherAccount':
      return <OtherAccountFields fields={fields} onFields={onFields} />
    case 'service':
      return <ServiceFields fields={fields} onFields={onFields} />
    case 'oidc':
      return <OidcFields fields={fields} onFields={onFields} />
    case 'saml':
      return <SamlFields fields={fields} onFields={onFields} />
    case 'custom':
      return null
  }
}

function AccountFields({ fields, onFields }: FieldsProps) {
  const t = useText(newRoleText)
  const people = useQuery({
    queryKey: ['principals'],
    queryFn: async ({ signal }) => {
      const [users, roles] = await Promise.all([
        everyPage('ListUsers', 'Users', {}, signal),
        everyPage('ListRoles', 'Roles', {}, signal),
      ])
      const option = (name: string, arn: string, kind: string) => ({ value: arn, label: name, tags: [kind] })
      return [
        ...users.map((user) => option(user.text('UserName'), user.text('Arn'), t.user)),
        ...roles.map((role) => option(role.text('RoleName'), role.text('Arn'), t.role)),
      ]
    },
  })
  const options = people.data ?? []
  return (
    <SpaceBetween size="m">
      <FormField label={t.principals} description={t.principalsHint}>
        <Multiselect
          options={options}
          statusType={people.isPending ? 'loading' : 'finished'}
          filteringType="auto"
          virtualScroll
          placeholder={t.principals}
          selectedOptions={fields.principals.map(
            (arn) => options.find(({ value }) => value === arn) ?? { value: arn, label: arn },
          )}
          onChange={({ detail }) =>
            onFields({ ...fields, principals: detail.selectedOptions.map(({ value = '' }) => value) })
          }
        />
      </FormField>
      {people.isError && <Failure error={people.error} />}
      <RequireMfa fields={fields} onFields={onFields} />
    </SpaceBetween>
  )
}

function RequireMfa({ fields, onFields }: FieldsProps) {
  const t = useText(newRoleText)
  return (
    <Checkbox
      checked={fields.requireMfa}
      description={t.requireMfaHint}
      onChange={({ detail }) => onFields({ ...fields, requireMfa: detail.checked })}
    >
      {t.requireMfa}
    </Checkbox>
  )
}

function OtherAccountFields({ fields, onFields }: FieldsProps) {
  const t = useText(newRoleText)
  return (
    <SpaceBetween size="m">
      <TextField
        label={t.otherAccount}
        hint={t.otherAccountHint}
        value={fields.otherAccount}
        onChange={(otherAccount) => onFields({ ...fields, otherAccount })}
      />
      <TextField
        label={t.externalId}
        hint={t.externalIdHint}
        value={fields.externalId}
        onChange={(externalId) => onFields({ ...fields, externalId })}
      />
      <RequireMfa fields={fields} onFields={onFields} />
    </SpaceBetween>
  )
}

function ServiceFields({ fields, onFields }: FieldsProps) {
  const t = useText(newRoleText)
  const known = useQuery({ queryKey: ['catalogue'], queryFn: catalogue, staleTime: Number.POSITIVE_INFINITY })
  const options = (known.data?.servicePrincipals ?? []).map((value) => ({ value }))
  return (
    <FormField label={t.service} description={t.serviceHint}>
      <Select
        options={options}
        statusType={known.isPending ? 'loading' : 'finished'}
        filteringType="auto"
        filteringPlaceholder={t.service}
        filteringAriaLabel={t.service}
        virtualScroll
        selectedOption={fields.service === '' ? null : { value: fields.service }}
        onChange={({ detail }) => onFields({ ...fields, service: detail.selectedOption.value ?? '' })}
      />
    </FormField>
  )
}

function OidcFields({ fields, onFields }: FieldsProps) {
  const t = useText(newRoleText)
  const issuers = [
    ...knownIssuers.map(({ id, name, host }) => ({ value: id, label: name, description: host })),
    { value: 'other', label: t.otherIssuer },
  ]
  const known = knownIssuers.find(({ id }) => id === fields.issuer)
  const set = (name: keyof TrustFields) => (value: string) => onFields({ ...fields, [name]: value })
  return (
    <SpaceBetween size="m">
      <FormField label={t.issuer}>
        <Select
          options={issuers}
          selectedOption={issuers.find(({ value }) => value === fields.issuer) ?? null}
          onChange={({ detail }) => {
            const issuer = detail.selectedOption.value ?? 'other'
            const audience = knownIssuers.find(({ id }) => id === issuer)?.audience ?? ''
            onFields({ ...fields, issuer, audience })
          }}
        />
      </FormField>
      {fields.issuer === 'other' && (
        <TextField label={t.issuerUrl} hint="https://…" value={fields.host} onChange={set('host')} />
      )}
      <TextField
        label={t.audience}
        hint={t.audienceHint}
        value={fields.audience}
        onChange={set('audience')}
      />
      {fields.issuer === 'github' ? (
        <>
          <TextField
            label={t.organization}
            hint=""
            value={fields.organization}
            onChange={set('organization')}
          />
          <TextField
            label={t.repository}
            hint={t.anyValue}
            value={fields.repository}
            onChange={set('repository')}
          />
          <TextField label={t.branch} hint={t.anyValue} value={fields.branch} onChange={set('branch')} />
          <code>{gitHubSubject(fields)}</code>
        </>
      ) : (
        <TextField
          label={t.subject}
          hint={t.subjectHint(known?.subject ?? '')}
          value={fields.subject}
          onChange={set('subject')}
        />
      )}
      {known?.needsProvider !== false && <MissingProvider fields={fields} />}
    </SpaceBetween>
  )
}

/** Offers to add the identity provider that the trust policy names, where the account has none for the issuer. */
function MissingProvider({ fields }: { readonly fields: TrustFields }) {
  const t = useText(newRoleText)
  const { say } = useMessages()
  const client = useQueryClient()
  const host = issuerHost(fields)
  const providers = useQuery({
    queryKey: ['oidc-providers'],
    queryFn: async ({ signal }) =>
      (await query('iam', 'ListOpenIDConnectProviders', {}, { signal }))
        .list('OpenIDConnectProviderList')
        .map((each) => each.text('Arn')),
  })
  if (providers.data === undefined || host === '') return null
  if (providers.data.some((arn) => arn.endsWith(`:oidc-provider/${host}`))) return null
  const add = async () => {
    try {
      await query('iam', 'CreateOpenIDConnectProvider', {
        Url: `https://${host}`,
        ClientIDList: fields.audience === '' ? [] : [fields.audience],
      })
      await client.invalidateQueries({ queryKey: ['oidc-providers'] })
      say('success', t.providerAdded)
    } catch (error) {
      say('error', <Failure error={error} />)
    }
  }
  return (
    <Alert type="warning" action={<Button onClick={() => void add()}>{t.addProvider}</Button>}>
      {t.noProvider(host)}
    </Alert>
  )
}

function SamlFields({ fields, onFields }: FieldsProps) {
  const t = useText(newRoleText)
  const providers = useQuery({
    queryKey: ['saml-providers'],
    queryFn: async ({ signal }) =>
      (await query('iam', 'ListSAMLProviders', {}, { signal }))
        .list('SAMLProviderList')
        .map((each) => each.text('Arn')),
  })
  const options = (providers.data ?? []).map((value) => ({
    value,
    label: value.slice(value.lastIndexOf('/') + 1),
  }))
  if (providers.isError) return <Failure error={providers.error} />
  return (
    <FormField label={t.samlProvider} errorText={providers.data?.length === 0 ? t.noSaml : undefined}>
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === fields.saml) ?? null}
        onChange={({ detail }) => onFields({ ...fields, saml: detail.selectedOption.value ?? '' })}
      />
    </FormField>
  )
}

function TextField(props: {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <FormField label={props.label} description={props.hint}>
      <Input value={props.value} onChange={({ detail }) => props.onChange(detail.value)} />
    </FormField>
  )
}
