import Badge from '@cloudscape-design/components/badge'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useLocation } from 'wouter'
import { query } from '../client/aws.ts'
import { useDraft } from '../client/drafts.ts'
import { listPolicies, type ManagedPolicy } from '../client/policies.ts'
import { Dialog } from '../components/dialog.tsx'
import { blankPolicy } from '../components/held-policies.tsx'
import { ListPage } from '../components/list-page.tsx'
import { useMessages } from '../components/messages.tsx'
import { PageLink } from '../components/page-link.tsx'
import { Statements } from '../components/statements.tsx'
import { useText } from '../text/language.ts'
import { policyText } from '../text/policy.ts'

const PolicyEditor = lazy(() => import('../components/policy-editor.tsx'))

const scopes = ['Local', 'AWS', 'All'] as const

/** The path of a policy's page. */
export function policyPath(arn: string): string {
  return `/policies/${encodeURIComponent(arn)}`
}

/** Managed policies: the account's own, AWS's, or all. */
export default function PoliciesPage() {
  const t = useText(policyText)
  const [scope, setScope] = useState<(typeof scopes)[number]>('Local')
  const [creating, setCreating] = useState(false)
  const policies = useQuery({
    queryKey: ['policies', scope],
    queryFn: ({ signal }) => listPolicies(scope, signal),
  })
  const labels = { Local: t.customer, AWS: t.aws, All: t.all }
  return (
    <>
      <ListPage<ManagedPolicy>
        title={t.title}
        description={t.description}
        rows={policies}
        idOf={({ arn }) => arn}
        empty={{ title: t.empty, hint: t.emptyHint }}
        find={t.find}
        filters={
          <SegmentedControl
            label={t.scope}
            selectedId={scope}
            options={scopes.map((id) => ({ id, text: labels[id] }))}
            onChange={({ detail }) => setScope(scopes.find((id) => id === detail.selectedId) ?? 'Local')}
          />
        }
        actions={
          <Button variant="primary" onClick={() => setCreating(true)}>
            {t.create}
          </Button>
        }
        columns={[
          {
            id: 'name',
            header: t.name,
            sortingField: 'name',
            isRowHeader: true,
            cell: ({ arn, name }) => <PageLink to={policyPath(arn)}>{name}</PageLink>,
          },
          {
            id: 'type',
            header: t.type,
            sortingField: 'isAws',
            cell: ({ isAws }) => <Badge color={isAws ? 'grey' : 'blue'}>{isAws ? t.aws : t.customer}</Badge>,
          },
          {
            id: 'attachments',
            header: t.attachments,
            sortingField: 'attachments',
            cell: ({ attachments }) => attachments,
          },
          {
            id: 'version',
            header: t.version1,
            cell: ({ defaultVersion }) => defaultVersion,
          },
          { id: 'description', header: t.descriptionField, cell: ({ description }) => description },
        ]}
      />
      {creating && <CreatePolicy onClose={() => setCreating(false)} />}
    </>
  )
}

function CreatePolicy({ onClose }: { readonly onClose: () => void }) {
  const t = useText(policyText)
  const { say } = useMessages()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [draft, setDraft] = useDraft('create-policy')
  const document = draft ?? blankPolicy
  return (
    <Dialog
      visible
      title={t.create}
      submit={t.create}
      size="large"
      disabled={name === ''}
      onClose={onClose}
      onSubmit={async () => {
        const answer = await query('iam', 'CreatePolicy', {
          PolicyName: name,
          PolicyDocument: document,
          ...(description === '' ? {} : { Description: description }),
        })
        setDraft(undefined)
        await client.invalidateQueries({ queryKey: ['policies'] })
        say('success', t.created)
        navigate(policyPath(answer.child('Policy').text('Arn')))
      }}
    >
      <FormField label={t.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
      </FormField>
      <FormField label={t.descriptionField}>
        <Input
          value={description}
          placeholder={t.optional}
          onChange={({ detail }) => setDescription(detail.value)}
        />
      </FormField>
      <Suspense fallback={<pre className="policy-plain">{document}</pre>}>
        <PolicyEditor value={document} kind="identity" label={t.document} onChange={setDraft} />
      </Suspense>
      <Statements text={document} kind="identity" />
    </Dialog>
  )
}
