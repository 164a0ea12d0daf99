import Alert from '@cloudscape-design/components/alert'
import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Spinner from '@cloudscape-design/components/spinner'
import Table from '@cloudscape-design/components/table'
import Tabs from '@cloudscape-design/components/tabs'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { query } from '../client/aws.ts'
import {
  deletePolicy,
  type PolicyDetails,
  type PolicyHolder,
  policyDetails,
  policyHolders,
  releaseHolder,
  saveVersion,
  versionDocument,
} from '../client/managed-policies.ts'
import { Dialog } from '../components/dialog.tsx'
import { Failure } from '../components/failure.tsx'
import { Mask } from '../components/mask.tsx'
import { useMessages } from '../components/messages.tsx'
import { NewlyAllowed } from '../components/newly-allowed.tsx'
import { PageLink } from '../components/page-link.tsx'
import { PolicyDocument, pretty } from '../components/policy-document.tsx'
import { IamTagTable } from '../components/tag-table.tsx'
import { Time } from '../components/time.tsx'
import { useText } from '../text/language.ts'
import { policyText } from '../text/policy.ts'
import { shellText } from '../text/shell.ts'

const PolicyCompare = lazy(() => import('../components/policy-compare.tsx'))

/** One managed policy: its document, versions and holders. */
export default function PolicyPage() {
  const { arn: encoded = '' } = useParams<{ arn: string }>()
  const arn = decoded(encoded)
  const policy = useQuery({
    queryKey: ['managed-policy', arn],
    queryFn: ({ signal }) => policyDetails(arn, signal),
  })
  if (policy.isError) return <Failure error={policy.error} onRetry={() => void policy.refetch()} />
  if (policy.data === undefined) return <Spinner size="large" />
  return <Details key={policy.data.id} policy={policy.data} />
}

/** The router may have decoded the address already. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function Details({ policy }: { readonly policy: PolicyDetails }) {
  const t = useText(policyText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [deleting, setDeleting] = useState(false)
  const isAws = policy.arn.includes(':iam::aws:')
  return (
    <SpaceBetween size="l">
      <BreadcrumbGroup
        items={[
          { text: t.title, href: '/_omen/policies' },
          { text: policy.name, href: '' },
        ]}
        onFollow={(event) => {
          event.preventDefault()
          if (event.detail.href !== '') navigate('/policies')
        }}
      />
      <Header
        variant="h1"
        description={policy.description}
        actions={!isAws && <Button onClick={() => setDeleting(true)}>{shell.delete}</Button>}
      >
        {policy.name} <Badge color={isAws ? 'grey' : 'blue'}>{isAws ? t.aws : t.customer}</Badge>
      </Header>
      <Container>
        <KeyValuePairs
          columns={4}
          items={[
            { label: t.arn, value: <code>{policy.arn}</code> },
            { label: t.id, value: <code>{policy.id}</code> },
            { label: t.updated, value: <Time iso={policy.updated} /> },
            { label: t.attachments, value: policy.attachments + policy.boundaries },
          ]}
        />
      </Container>
      <Tabs
        tabs={[
          { id: 'document', label: t.jsonTab, content: <Document policy={policy} isAws={isAws} /> },
          { id: 'versions', label: t.versions, content: <Versions policy={policy} isAws={isAws} /> },
          { id: 'used', label: t.usedBy, content: <UsedBy policy={policy} /> },
          ...(isAws
            ? []
            : [
                {
                  id: 'tags',
                  label: t.tags,
                  content: (
                    <IamTagTable
                      tags={policy.tags}
                      kind="Policy"
                      who={{ PolicyArn: policy.arn }}
                      renew={() => client.invalidateQueries({ queryKey: ['managed-policy', policy.arn] })}
                    />
                  ),
                },
              ]),
        ]}
      />
      {deleting && (
        <Dialog
          visible
          title={t.deletePolicy}
          submit={shell.delete}
          onClose={() => setDeleting(false)}
          onSubmit={async () => {
            await deletePolicy(policy)
            await client.invalidateQueries({ queryKey: ['policies'] })
            say('success', t.deleted)
            navigate('/policies')
          }}
        >
          {t.deleteSure(policy.name)}
        </Dialog>
      )}
    </SpaceBetween>
  )
}

interface PartProps {
  readonly policy: PolicyDetails
  readonly isAws: boolean
}

function useVersion(arn: string, version: string) {
  return useQuery({
    queryKey: ['managed-policy', arn, 'version', version],
    queryFn: ({ signal }) => versionDocument(arn, version, signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: version !== '',
  })
}

function Document({ policy, isAws }: PartProps) {
  const t = useText(policyText)
  const client = useQueryClient()
  const document = useVersion(policy.arn, policy.defaultVersion)
  if (document.isError) return <Failure error={document.error} />
  if (document.data === undefined) return <Spinner />
  const saved = pretty(document.data)
  return (
    <SpaceBetween size="m">
      <Alert type="info">{isAws ? t.awsHint : t.editHint}</Alert>
      <PolicyDocument
        key={policy.defaultVersion}
        id={`policy/${policy.arn}`}
        name={policy.name}
        detail={t.version(policy.defaultVersion)}
        text={saved}
        kind="identity"
        changes={(text) => <NewlyAllowed before={saved} after={text} kind="identity" />}
        {...(isAws
          ? {}
          : {
              onSave: async (text: string) => {
                await saveVersion(policy, text)
                await client.invalidateQueries({ queryKey: ['managed-policy', policy.arn] })
                await client.invalidateQueries({ queryKey: ['masks'] })
              },
            })}
      />
    </SpaceBetween>
  )
}

function Versions({ policy, isAws }: PartProps) {
  const t = useText(policyText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const others = policy.versions.filter(({ isDefault }) => !isDefault)
  const [from, setFrom] = useState(others[0]?.id ?? policy.defaultVersion)
  const [to, setTo] = useState(policy.defaultVersion)
  const change = async (action: string, VersionId: string) => {
    try {
      await query('iam', action, { PolicyArn: policy.arn, VersionId })
      await client.invalidateQueries({ queryKey: ['managed-policy', policy.arn] })
      await client.invalidateQueries({ queryKey: ['masks'] })
    } catch (error) {
      say('error', <Failure error={error} />)
    }
  }
  return (
    <SpaceBetween size="l">
      <Table
        variant="embedded"
        items={policy.versions}
        header={<Header variant="h2">{t.versions}</Header>}
        columnDefinitions={[
          {
            id: 'id',
            header: t.version1,
            isRowHeader: true,
            cell: ({ id, isDefault }) => (
              <>
                {id} {isDefault && <Badge color="green">{t.default}</Badge>}
              </>
            ),
          },
          { id: 'created', header: t.updated, cell: ({ created }) => <Time iso={created} /> },
          {
            id: 'actions',
            header: shell.actions,
            cell: ({ id, isDefault }) =>
              !isDefault &&
              !isAws && (
                <SpaceBetween direction="horizontal" size="s">
                  <Button variant="inline-link" onClick={() => void change('SetDefaultPolicyVersion', id)}>
                    {t.makeDefault}
                  </Button>
                  <Button variant="inline-link" onClick={() => void change('DeletePolicyVersion', id)}>
                    {t.deleteVersion}
                  </Button>
                </SpaceBetween>
              ),
          },
        ]}
      />
      {policy.versions.length > 1 && (
        <Container header={<Header variant="h2">{t.between}</Header>}>
          <SpaceBetween size="m">
            <div className="filters">
              <VersionChoice label={t.from} value={from} policy={policy} onChange={setFrom} />
              <VersionChoice label={t.to} value={to} policy={policy} onChange={setTo} />
            </div>
            <Compared arn={policy.arn} from={from} to={to} />
          </SpaceBetween>
        </Container>
      )}
    </SpaceBetween>
  )
}

function VersionChoice(props: {
  readonly label: string
  readonly value: string
  readonly policy: PolicyDetails
  readonly onChange: (id: string) => void
}) {
  return (
    <FormField label={props.label}>
      <Select
        options={props.policy.versions.map(({ id }) => ({ value: id }))}
        selectedOption={{ value: props.value }}
        onChange={({ detail }) => props.onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  )
}

function Compared({ arn, from, to }: { readonly arn: string; readonly from: string; readonly to: string }) {
  const t = useText(policyText)
  const before = useVersion(arn, from)
  const after = useVersion(arn, to)
  if (before.data === undefined || after.data === undefined) return <Spinner />
  return (
    <SpaceBetween size="m">
      <Suspense fallback={<Spinner />}>
        <PolicyCompare
          before={pretty(before.data)}
          after={pretty(after.data)}
          beforeLabel={t.version(from)}
          afterLabel={t.version(to)}
        />
      </Suspense>
      <NewlyAllowed before={before.data} after={after.data} kind="identity" />
    </SpaceBetween>
  )
}

function UsedBy({ policy }: { readonly policy: PolicyDetails }) {
  const t = useText(policyText)
  const shell = useText(shellText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [leaving, setLeaving] = useState<PolicyHolder>()
  const key = ['managed-policy', policy.arn, 'holders']
  const holders = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => policyHolders(policy.arn, signal),
  })
  if (holders.isError) return <Failure error={holders.error} />
  const kinds = { role: t.role, user: t.user, group: t.group }
  return (
    <>
      <Table
        variant="embedded"
        loading={holders.isPending}
        items={holders.data ?? []}
        empty={<Box color="text-status-inactive">{t.nobody}</Box>}
        columnDefinitions={[
          {
            id: 'name',
            header: t.name,
            isRowHeader: true,
            cell: ({ kind, name, id }) => (
              <span className="with-mask">
                {kind === 'role' && <Mask role={{ id, name }} size={24} />}
                <PageLink to={`/${kind}s/${encodeURIComponent(name)}`}>{name}</PageLink>
              </span>
            ),
          },
          {
            id: 'kind',
            header: t.kind,
            cell: ({ kind, asBoundary }) => `${kinds[kind]}${asBoundary ? ` (${t.asBoundary})` : ''}`,
          },
          {
            id: 'actions',
            header: shell.actions,
            cell: (holder) => (
              <Button variant="inline-link" onClick={() => setLeaving(holder)}>
                {t.release}
              </Button>
            ),
          },
        ]}
      />
      {leaving !== undefined && (
        <Dialog
          visible
          title={t.release}
          submit={t.release}
          onClose={() => setLeaving(undefined)}
          onSubmit={async () => {
            await releaseHolder(policy.arn, leaving)
            await client.invalidateQueries()
            say('success', t.released)
          }}
        >
          {t.releaseSure(policy.name, leaving.name)}
        </Dialog>
      )}
    </>
  )
}
